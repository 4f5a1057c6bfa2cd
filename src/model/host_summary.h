#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/socket_load.h"
#include "model/transaction.h"

namespace advisor {

/// What became of an audit.
enum class AuditState {
  kOk,
  kPartial,  ///< something could not be read, so that something is unknown
  kFailed,   ///< no audit came about
};

/// "ok", "partial", "failed".
const char* name_of(AuditState state);

/// Of a host as one line of many, which one program writes and another reads.
inline constexpr const char* kHostLineSchema = "sysctl-advisor/host/1";

/// The id under which what is unknown of transactions stands beside what is unknown of rules.
inline constexpr const char* kTransaction = "transaction";

/// One host among thousands: what a line of a list, a metric, or a page of many hosts says of it.
/// Plain data with a bounded number of members, whatever the host holds.
struct HostSummary {
  /// Which host it is.
  struct Identity {
    std::optional<std::string> id;       ///< the hashed machine-id, 32 hexadecimal digits
    std::optional<std::string> name;     ///< nothing: not known, or left out
    std::string netns;                   ///< as --netns named it; empty: that of the command
    std::optional<std::string> kernel;   ///< release
    std::optional<std::string> boot_id;  ///< hashed likewise
  };
  /// How many destinations, and how many listeners, there are at most.
  static constexpr size_t kListed = 5;

  /// One value that a finding stands on.
  struct Figure {
    SharedText expression;
    ObservedValue value;
    std::string unit;  ///< empty: none
  };
  struct Change {
    ParameterName parameter;
    ParameterValue now;
    ParameterValue advised;
  };
  /// A finding that asks for something.
  struct Asking {
    RuleId rule;
    Severity severity = Severity::kNote;
    SharedText title;
    SharedText profile;
    std::string evidence;
    std::string remedy;  ///< empty: none
    std::vector<Figure> figures;
    std::vector<Change> changes;
  };
  struct Unknown {
    RuleId rule;
    std::vector<std::string> missing;  ///< a sentence each
  };
  struct FullDestination {
    Destination to;
    int64_t ports_in_use = 0;
    int64_t ports_in_time_wait = 0;
    int64_t ports_blocked = 0;  ///< that a new connection cannot take
    int64_t usable_ports = 0;
    std::optional<double> opened_per_second;  ///< nothing where there was one sample
  };
  struct Listener {
    IpAddress address;
    uint16_t port = 0;
    int64_t waiting = 0;
    std::optional<int64_t> backlog;
    std::optional<int64_t> dropped;  ///< during the interval
  };
  /// A parameter that does not stand as a transaction set it.
  struct Drift {
    ParameterName parameter;
    ParameterValue applied;
    std::optional<ParameterValue> now;  ///< nothing: it could not be read
  };
  /// What this program last did to the host, and still stands or is pending.
  struct Applied {
    std::string id;
    TransactionState state = TransactionState::kCommitted;
    std::optional<std::string> deadline;  ///< UTC; until when it must be confirmed
    std::vector<Drift> drift;             ///< of every transaction that stands, this one or another
  };

  std::string version;  ///< of the program
  AuditState state = AuditState::kOk;
  std::string error;  ///< if it failed: why
  Identity host;
  std::vector<std::string> labels;  ///< what whoever asked wants to find it by
  std::string taken;                ///< UTC: "2026-11-22T22:01:56Z"
  double interval_seconds = 0;
  bool as_root = false;
  std::vector<std::string> profiles;
  std::optional<std::string> profile_hash;  ///< 16 hexadecimal digits
  std::optional<FindingCounts> counts;      ///< nothing if it failed
  std::vector<Asking> findings;             ///< worst first
  std::vector<Unknown> unknown;
  std::optional<int64_t> usable_ports;        ///< towards each; nothing: the sockets were not read
  std::vector<FullDestination> destinations;  ///< most ports in use first
  /// When the local ports towards one of all destinations run out; infinity: never at this rate;
  /// nothing where there is no telling.
  std::optional<double> ports_exhausted_in_seconds;
  std::vector<Listener> listeners;  ///< most waiting first
  bool transactions_read = false;   ///< else it is not known whether there is one
  std::optional<Applied> transaction;
  std::optional<BootOutlook> boot;  ///< nothing: what decides on the next boot was not read

  /// Findings that ask for something; nothing if the audit failed.
  std::optional<int64_t> asks() const;
  /// The severity of the worst of them; nothing if there is none.
  std::optional<Severity> worst() const;
};

}  // namespace advisor
