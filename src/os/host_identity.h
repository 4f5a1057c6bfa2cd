#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace advisor {

/// What run-time values belong to: they are gone with the boot, and each network namespace has its
/// own.
struct HostIdentity {
  std::string boot_id;  ///< /proc/sys/kernel/random/boot_id
  /// Inode of /proc/self/ns/net, and the kernel's cookie for it, which is not used again in one
  /// boot (SO_NETNS_COOKIE, Linux 5.14); 0 where there is none.
  std::string network_namespace;
  /// What --netns called it; empty for the one that the program was started in. For commands that
  /// are shown: which one it is, `network_namespace` alone tells.
  std::string named{};
  bool operator==(const HostIdentity&) const = default;
};

/// Of this process, whose network namespace --netns called `named`.
Result<HostIdentity> identify_host(const std::string& named = "");

/// Of this process.
bool is_root();

/// What the kernel counts memory in.
int64_t page_bytes();

}  // namespace advisor
