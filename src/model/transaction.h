#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/plan.h"

namespace advisor {

/// Who ran a command, as far as this process can tell. It is for people to read: nothing is
/// decided by it. What others wrote is kept as it is, and must be made printable to be shown.
struct Caller {
  /// Who logged in, whatever su(1) or sudo(8) made of it since (/proc/self/loginuid). Nothing:
  /// nobody did, as in a service, or the kernel does not tell.
  std::optional<int64_t> login_uid = std::nullopt;
  std::string login = {};      ///< the name of login_uid in /etc/passwd; empty if it has none there
  std::string sudo_user = {};  ///< what SUDO_USER says, which the caller may have set
  std::optional<int64_t> sudo_uid = std::nullopt;  ///< what SUDO_UID says, likewise
  std::string tty = {};                            ///< the terminal; empty if there is none
  std::string command = {};                        ///< the words, quoted as a shell takes them

  bool operator==(const Caller&) const = default;
};

/// As journals and the history hold it; null if it is not known.
Json caller_json(const std::optional<Caller>& caller);

/// What a journal says of a caller. A member that is missing, as in journals of older versions, or
/// of another form is taken as unknown: the way back must not depend on it.
std::optional<Caller> parse_caller(const Json* json);

/// "alice (login uid 1000), by sudo, on /dev/pts/3: sysctl-advisor apply --yes", for one line of a
/// terminal.
std::string caller_text(const Caller& caller);

/// What run-time values belong to: they are gone with the boot, and each network namespace has its
/// own.
struct HostIdentity {
  std::string boot_id;  ///< /proc/sys/kernel/random/boot_id
  /// "INODE:COOKIE": the inode of /proc/self/ns/net, and the kernel's cookie for it, which is not
  /// used again in one boot (SO_NETNS_COOKIE, Linux 5.14); 0 where it is not known.
  std::string network_namespace;
  /// What --netns called the namespace; empty without --netns. Only for commands that are shown:
  /// namespaces are told apart by `network_namespace`.
  std::string named{};
  bool operator==(const HostIdentity&) const = default;
};

/// Whether two network namespaces may be one, by what is known of both: an unknown cookie is left
/// out of the comparison.
bool may_be_same_namespace(const std::string& a, const std::string& b);

enum class TransactionState { kPrepared, kProvisional, kCommitted, kRolledBack, kStuck };

const char* name_of(TransactionState state);

/// Until when a change must be confirmed. Somebody may set the wall clock meanwhile, so that the
/// time since the boot counts, and only in that boot.
struct Deadline {
  std::string utc;                       ///< for people
  std::chrono::milliseconds since_boot;  ///< CLOCK_BOOTTIME, of the boot that the journal names
  bool operator==(const Deadline&) const = default;
};

/// One change of the host, as its journal records it.
struct Transaction {
  std::string id;  ///< a number, counted up from 1
  TransactionState state = TransactionState::kPrepared;
  std::string created;  ///< UTC
  std::vector<std::string> profiles;
  std::optional<std::string> undoes;  ///< the transaction that this one takes back
  HostIdentity identity;
  Plan plan;
  std::optional<Deadline> deadline = std::nullopt;  ///< if it must be confirmed, or had to be
  std::optional<std::string> ended = std::nullopt;  ///< UTC; no more changes of the state since
  /// Who began it; nothing if an older version did.
  std::optional<Caller> caller = std::nullopt;
  /// Who confirmed it, took it back or recovered it, if another command than the first ended it.
  std::optional<Caller> ended_by = std::nullopt;
};

/// How a transaction ended.
struct Outcome {
  Transaction transaction;            ///< with its id and its final state
  std::vector<std::string> problems;  ///< why it was undone, and what could not be put back
  std::vector<std::string> commands;  ///< if Stuck: what is left to be run by hand
};

/// What the log of the host is told of the state that a transaction reached. `why` says how it came
/// there, if the state alone does not: "transaction 3 was not confirmed in time: rolled-back; ...".
std::string state_record(const Transaction& transaction, std::string_view why);

/// A transaction among the others of its host.
struct TransactionEntry {
  Transaction transaction;
  bool taken_back = false;   ///< by a later one
  int64_t seconds_left = 0;  ///< to confirm it, rounded up; 0: too late, or none was asked for
};

/// Where transactions are kept, for root alone.
inline constexpr const char* kStateDirectory = "/var/lib/sysctl-advisor";

/// The directory of one transaction below it.
std::string transaction_directory(const std::string& id);

/// " --netns NAME" as a shell takes it; nothing for an empty name.
std::string netns_option(const std::string& name_or_pid);

}  // namespace advisor
