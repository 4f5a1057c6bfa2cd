#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/socket_load.h"

namespace advisor {

/// What a search for the processes that hold sockets came to.
struct FoundOwners {
  std::map<uint32_t, std::vector<SocketOwner>> by_inode;
  /// Why owners may be missing: processes that may not be looked into, or an error. Empty if every
  /// process was looked into: a socket left over then has no owner.
  std::string missing;
};

/// Searches the descriptors of all processes (/proc/PID/fd, proc_pid_fd(5)) for these sockets.
/// Those of another user are seen by root alone. Ends when each is found, or after a million
/// descriptors.
FoundOwners find_socket_owners(const std::set<uint32_t>& inodes);

}  // namespace advisor
