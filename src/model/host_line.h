#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/address.h"
#include "model/finding.h"
#include "model/host_summary.h"

namespace advisor {

/// A line of `audit --format jsonl`, as far as a report on many hosts needs it. What a line does
/// not know is empty. Names and sentences are those of whoever wrote the line, and may hold any
/// bytes.
struct HostLine {
  struct Change {
    std::string parameter;
    std::string now;
    std::string advised;
  };
  /// A finding that asks for something.
  struct Asking {
    std::string rule;
    Severity severity = Severity::kNote;
    std::string title;
    std::string evidence;
    std::vector<Change> changes;
  };
  struct Unknown {
    std::string rule;
    std::vector<std::string> missing;  ///< a sentence each
  };
  /// One of the fullest destinations.
  struct FullDestination {
    IpAddress address;
    uint16_t port = 0;
    int64_t ports_in_use = 0;
    int64_t ports_in_time_wait = 0;
    int64_t usable_ports = 0;
  };
  struct Drift {
    std::string parameter;
    std::string applied;
    std::optional<std::string> now;
  };
  /// The newest transaction that stands, or is pending.
  struct Applied {
    std::string id;
    std::string state;
    std::optional<std::string> deadline;
    std::vector<Drift> drift;
  };
  struct Boot {
    std::vector<std::string> lost;           ///< parameters
    std::vector<std::string> not_in_effect;  ///< where those lines of files stand
  };

  std::string version;
  AuditState state = AuditState::kOk;
  std::string error;
  std::string id;  ///< the hashed machine-id
  std::string name;
  std::string inventory_name;  ///< what whoever collected the line calls the host
  std::string netns;
  std::string kernel;
  std::vector<std::string> labels;
  int64_t taken = 0;  ///< seconds since 1970, by the clock of the host
  std::vector<std::string> profiles;
  std::string profile_hash;
  std::vector<Asking> findings;
  std::vector<Unknown> unknown;
  std::vector<FullDestination> destinations;
  std::optional<Applied> transaction;
  std::optional<Boot> boot;  ///< nothing: what decides on the next boot was not read

  /// What the host is called in a report.
  const std::string& shown_name() const;
};

}  // namespace advisor
