#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/address.h"
#include "model/finding.h"

namespace advisor {

/// Of a report as JSON, with which a later one is compared.
inline constexpr const char* kFleetReportSchema = "sysctl-advisor/report/1";

/// By what the counts of a report on many hosts are split.
enum class FleetSplit { kNone, kKernel, kProfile, kLabel };

/// "kernel", "profile", "label".
const char* name_of(FleetSplit split);

/// A host among many.
struct FleetHost {
  std::string id;    ///< by which it is known again
  std::string name;  ///< for people

  auto operator<=>(const FleetHost&) const = default;
};

/// What an earlier report knows, as far as two are compared.
struct EarlierFleet {
  struct Finding {
    std::string title;
    Severity severity = Severity::kNote;
    std::set<std::string> ids;  ///< of the hosts that had it
  };
  std::string made;
  std::set<std::string> audited;            ///< ids of the hosts that could be audited
  std::map<std::string, Finding> findings;  ///< by their rules
};

/// What is asked of the lines of many hosts.
struct FleetQuestion {
  std::string now;                                    ///< UTC
  int64_t stale_seconds = 0;                          ///< an older line is stale
  size_t top = 0;                                     ///< how many of the worst are named
  FleetSplit split = FleetSplit::kNone;               ///< by what the counts are split
  std::optional<std::vector<std::string>> inventory;  ///< which hosts there should be, sorted
  std::optional<EarlierFleet> earlier;
};

/// Many hosts at one time. Hosts are counted, not their network namespaces, unless it says so.
struct FleetReport {
  /// Each host is in one of `ok`, `partial`, `failed`, and in one of `worst` and `nothing` if it
  /// was audited.
  struct Counts {
    int64_t hosts = 0;
    int64_t ok = 0;
    int64_t partial = 0;  ///< something is unknown
    int64_t failed = 0;
    int64_t stale = 0;
    std::array<int64_t, 4> worst{};  ///< by the severity of the worst that is asked
    int64_t nothing = 0;             ///< of which nothing is asked

    int64_t audited() const { return ok + partial; }
    int64_t asking() const { return audited() - nothing; }
  };
  /// The counts of those that have a kernel, profiles or a label in common.
  struct Group {
    std::string name;  ///< empty: none
    Counts counts;
  };
  struct Failure {
    std::string error;  ///< with HOST for the name of the host
    std::vector<FleetHost> hosts;
  };
  /// A host whose line is too old, or of a time to come.
  struct Dated {
    FleetHost host;
    std::string netns;
    std::string taken;
  };
  /// Hosts that give one machine-id under several names.
  struct SharedId {
    std::string id;
    std::vector<std::string> names;
  };
  struct Inventory {
    int64_t names = 0;
    std::vector<std::string> missing;  ///< of which there is no line
    int64_t unknown = 0;               ///< hosts that it does not name
  };
  struct Finding {
    std::string rule;
    std::string title;
    Severity severity = Severity::kNote;  ///< the worst of all hosts
    std::array<int64_t, 4> hosts_by_severity{};
    FleetHost example;
    std::string evidence;          ///< of the example
    std::vector<std::string> ids;  ///< of the hosts that have it, sorted
  };
  struct WorstHost {
    FleetHost host;
    std::array<int64_t, 4> findings{};  ///< by severity
    int64_t namespaces = 0;
    std::string taken;
  };
  struct Destination {
    IpAddress address;
    uint16_t port = 0;
    int64_t ports_in_use = 0;  ///< of all hosts
    int64_t ports_in_time_wait = 0;
    int64_t hosts = 0;
    FleetHost fullest;         ///< the host that has used up most of its range
    double fullest_share = 0;  ///< of its usable ports
  };
  /// A value that is advised on some hosts.
  struct Parameter {
    std::string parameter;
    std::string now;
    std::string advised;
    int64_t hosts = 0;
  };
  struct Transactions {
    std::string state;
    int64_t hosts = 0;
  };
  /// A transaction that somebody has to do something about.
  struct Pending {
    FleetHost host;
    std::string id;
    std::string state;
    std::string deadline;  ///< empty: none
  };
  struct Drift {
    std::string parameter;
    std::string applied;
    std::optional<std::string> now;
    int64_t hosts = 0;
  };
  struct Counted {
    std::string what;
    int64_t hosts = 0;
  };
  struct Unknown {
    std::string missing;  ///< the sentence; empty: not told
    int64_t hosts = 0;
    std::vector<std::string> rules;
  };
  struct Profiles {
    std::vector<std::string> profiles;
    std::string hash;  ///< of rules and targets as they came to be; empty: not known
    int64_t hosts = 0;
  };
  /// What became of a rule since an earlier report.
  struct Change {
    std::string rule;
    std::string title;
    Severity severity = Severity::kNote;
    std::vector<FleetHost> newly;      ///< have it, and did not then
    std::vector<FleetHost> no_longer;  ///< had it
    int64_t first_seen = 0;            ///< have it, and were not audited then
    int64_t not_told = 0;              ///< had it, and nobody knows now
  };
  struct Since {
    std::string made;
    std::vector<Change> changes;
    int64_t hosts_new = 0;   ///< audited now, and not then
    int64_t hosts_gone = 0;  ///< the other way round
  };

  std::string made;
  int64_t stale_seconds = 0;
  size_t top = 0;  ///< how many of a list a reader is to see
  FleetSplit split = FleetSplit::kNone;
  int64_t lines = 0;
  int64_t unread = 0;      ///< lines and files that could not be read
  int64_t namespaces = 0;  ///< hosts and network namespaces that have a line
  std::string oldest, newest;
  Counts counts;
  std::vector<std::string> audited;  ///< ids, sorted
  std::vector<Failure> failures;
  std::vector<Dated> stale;
  std::vector<Dated> from_future;
  int64_t hosts_repeated = 0;  ///< that have several lines of one network namespace
  int64_t lines_repeated = 0;  ///< that are superseded by a newer one
  std::vector<SharedId> shared_ids;
  int64_t hosts_without_id = 0;
  std::optional<Inventory> inventory;
  std::vector<Finding> findings;  ///< worst first, then by hosts
  std::vector<WorstHost> worst_hosts;
  std::vector<Destination> destinations;  ///< most ports in use first
  int64_t destination_count = 0;          ///< how many there are in all
  std::vector<Parameter> parameters;
  std::vector<Transactions> transactions;
  std::vector<Pending> pending;
  std::vector<Drift> drift;
  std::vector<Counted> lost_at_boot;   ///< parameters
  std::vector<Counted> not_in_effect;  ///< lines of files
  int64_t boot_unread = 0;             ///< hosts of which the next boot is not known
  std::vector<Unknown> unknown;
  std::vector<Profiles> profiles;
  std::vector<Counted> versions;
  std::vector<Group> groups;
  std::optional<Since> since;

  /// Whether something is to be changed, or to be looked at.
  bool asks() const;
};

}  // namespace advisor
