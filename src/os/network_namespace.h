#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

/// What stands for every network namespace there is, and so is the name of none.
inline constexpr const char* kAllNamespaces = "all";

/// Where ip-netns(8) keeps the network namespaces that have a name.
std::vector<std::string> network_namespace_places();

/// Moves this process into a network namespace: the one of this name in one of `places`, or, if the
/// name is a number, the one of the process with that number. From then on /proc/sys/net, /proc/net
/// and every new socket are those of that namespace; nothing else of the process changes. NotFound,
/// with the nearest name, if there is no such namespace; Rejected for a name that no file can have.
Status enter_network_namespace(const std::string& name_or_pid,
                               const std::vector<std::string>& places = network_namespace_places());

/// The inode of the network namespace that this process is in, by which the kernel's log calls it;
/// nothing where /proc does not tell.
std::optional<uint64_t> network_namespace_inode();

/// What a shell needs in front of a command that is to run in the namespace called so:
/// "ip netns exec NAME ", "nsenter --net --target PID ", or nothing for an empty name.
std::string command_in_namespace(const std::string& name_or_pid);

}  // namespace advisor
