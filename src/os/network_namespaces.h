#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/network_namespace.h"

namespace advisor {

/// One network namespace of this host.
struct NetworkNamespace {
  uint64_t inode = 0;
  std::string name;       ///< by ip-netns(8); empty if it has none
  int64_t pid = 0;        ///< of the first process in it; 0 if there is none
  std::string command;    ///< of that process
  std::string container;  ///< the short id of its container; empty if none is known

  /// By which enter_network_namespace() finds it: its name, or else the number of a process.
  std::string entry() const { return name.empty() ? std::to_string(pid) : name; }
};

/// All that have a name in `places` or a process that may be looked into: each once, the one of
/// this process first, then by name and process.
Result<std::vector<NetworkNamespace>> list_network_namespaces(
    const std::vector<std::string>& places = network_namespace_places());

/// How many network namespaces besides that of this process have a name or are seen to hold one of
/// the first thousand processes: an audit must not take longer for the processes of a host. Nothing
/// if not even that could be looked at.
std::optional<int64_t> count_other_network_namespaces();

/// The short id (12 digits, as docker and crictl print it) of the container that a /proc/PID/cgroup
/// names; empty if it names none.
std::string container_of_cgroup(std::string_view cgroup);

}  // namespace advisor
