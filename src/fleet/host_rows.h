#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fleet/names.h"
#include "model/fleet_report.h"
#include "model/host_line.h"

namespace advisor {

/// What is kept of a line: little, since there is one for each host.
struct HostRow {
  struct Asking {
    NameId rule;
    NameId title;
    Severity severity;
    std::string evidence;
  };
  struct Change {
    NameId parameter, now, advised;
    auto operator<=>(const Change&) const = default;
  };
  struct Unknown {
    NameId rule, missing;
  };
  struct Drift {
    NameId parameter, applied;
    std::optional<NameId> now;
    auto operator<=>(const Drift&) const = default;
  };
  struct Applied {
    NameId state, id, deadline;
  };

  AuditState state = AuditState::kOk;
  bool knows_boot = false;
  NameId netns = 0, kernel = 0, version = 0, error = 0, profile_hash = 0;
  NameId profiles = 0;  ///< their names, a line each
  int64_t taken = 0;
  std::vector<NameId> labels;
  std::vector<Asking> findings;
  std::vector<Change> changes;
  std::vector<Unknown> unknown;
  std::vector<HostLine::FullDestination> destinations;
  std::optional<Applied> applied;
  std::vector<Drift> drift;
  std::vector<NameId> lost_at_boot, not_in_effect;
};

/// A host, with a row for each of its network namespaces that has a line.
struct HostOfRows {
  std::string machine_id;
  std::string name;
  std::string inventory_name;
  std::string id;  ///< by which the report knows it
  std::vector<HostRow> rows;
  int64_t superseded = 0;  ///< lines that are older than another of the same namespace

  const std::string& shown_name() const;
  FleetHost in_report() const { return {id, shown_name()}; }
  /// Failed if no row has an audit; partial if one has none, or a partial one.
  AuditState state() const;
};

/// The hosts of which there are lines. Of several lines of one the newest counts, in whichever
/// order they come. Two hosts that give the same machine-id under different names are kept apart.
class HostRows {
 public:
  void add(HostLine line);
  /// Once, when all are there: puts lines that know no machine-id to the host of their name, and
  /// orders the hosts by their names.
  void finish();

  const std::vector<HostOfRows>& hosts() const { return hosts_; }
  const Names& names() const { return names_; }
  std::vector<std::string> profiles_of(const HostRow& row) const;

 private:
  HostRow row_of(HostLine line);
  HostOfRows& host_of(const HostLine& line);

  Names names_;
  std::vector<HostOfRows> hosts_;
  std::unordered_map<std::string, std::vector<uint32_t>> by_id_;
};

}  // namespace advisor
