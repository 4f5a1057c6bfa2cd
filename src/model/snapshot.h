#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/counters.h"
#include "model/datagram_load.h"
#include "model/inotify_use.h"
#include "model/kernel_log.h"
#include "model/parameter.h"
#include "model/socket_load.h"

namespace advisor {

/// What a parameter was set to, or why that could not be read.
using Reading = Result<ParameterValue>;

/// That there is no such parameter, as reading it says.
Error absent_parameter(const ParameterName& name);

/// Whether a kernel has a parameter. An enumeration rather than a bool, so that "could not be told"
/// (the Error of a Result<Presence>) is taken for neither.
enum class Presence { kThere, kAbsent };

/// The name of a host whose own is left out.
inline constexpr const char* kAnonymizedName = "anonymized";

struct Host {
  std::string name;
  std::string kernel;  ///< release, as uname -r
  std::optional<int64_t> memory_bytes;
  std::optional<int64_t> available_bytes;  ///< that programs could still have without swapping
  std::optional<int64_t> cpus;             ///< online
  int64_t page_bytes = 4096;
  std::optional<int64_t> link_bytes_per_second;  ///< of the fastest interface that tells its speed
  /// That carry an IPv4 default route, sorted.
  std::optional<std::vector<std::string>> default_interfaces;
  /// net.ipv4.conf.INTERFACE.rp_filter: of those that carry a default route; of all if packets
  /// were dropped by it.
  std::optional<std::map<std::string, int64_t>> reverse_path_filters;
  std::optional<bool> container;   ///< nothing if that could not be told
  std::optional<bool> kubernetes;  ///< a node of a cluster, by the files of kubelet and the like
  std::optional<bool>
      container_engine;  ///< it runs containers, by the files of Docker and the like
  /// That got router advertisements and pass them over, since they forward, where there is no IPv6
  /// default route; nothing if that could not be told.
  std::optional<std::vector<std::string>> unheeded_advertisements;
  /// Network namespaces besides the one that was read, at least; nothing if nobody looked.
  std::optional<int64_t> other_namespaces;
  /// The ids of the machine and of its boot, hashed so that they tell hosts apart and no more: 32
  /// hexadecimal digits. Nothing where there is none.
  std::optional<std::string> id;
  std::optional<std::string> boot_id;
};

/// The parameter by which one boot of a host is told from another.
inline constexpr const char* kBootId = "kernel.random.boot_id";

/// Everything that was read of a host, once. What is missing says why.
struct Snapshot {
  std::string taken;  ///< when, by the wall clock: "2026-11-22T22:01:56Z"
  Host host;
  std::map<ParameterName, Reading> parameters;
  Result<SocketLoad> sockets = Error{ErrorKind::kNotFound, "the socket table was not read"};
  Result<DatagramLoad> datagrams = Error{ErrorKind::kNotFound, "the UDP sockets were not read"};
  Counters counters;
  Result<InotifyUse> inotify =
      Error{ErrorKind::kNotFound, "the descriptors of processes were not looked at", 0};
  Result<std::vector<KernelLogHint>> kernel_log =
      Error{ErrorKind::kNotFound, "the kernel's log was not read"};

  /// The reading of one parameter; an Error of its own if nobody asked for it.
  Reading reading(const ParameterName& name) const;
  /// What it was set to; null if it was not read, and then the reading says why.
  const ParameterValue* value_of(const ParameterName& name) const;
  /// Whether the kernel said that it lacks the parameter. If nobody asked, or if all parameters
  /// failed to be read, the parameter is merely unread.
  bool lacks(const ParameterName& name) const;
};

}  // namespace advisor
