#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace advisor {

/// What run-time values belong to: they are gone with the boot, and each network namespace has its
/// own.
struct HostIdentity {
  std::string boot_id;  ///< /proc/sys/kernel/random/boot_id
  /// "INODE:COOKIE": the inode of /proc/self/ns/net, and the kernel's cookie for it, which is not
  /// used again in one boot (SO_NETNS_COOKIE, Linux 5.14); 0 where it is not known.
  std::string network_namespace;
  /// What --netns called it; empty for the one that the program was started in. For commands that
  /// are shown: which one it is, `network_namespace` alone tells.
  std::string named{};
  bool operator==(const HostIdentity&) const = default;
};

/// Whether two network namespaces may be one, by what is known of both: a cookie that is not known
/// tells nothing.
bool may_be_same_namespace(const std::string& a, const std::string& b);

/// How much of an identity there must be.
enum class Identity {
  kWhole,       ///< an Error unless the network namespace can be told for sure
  kAsFarKnown,  ///< to look, and to undo: the inode alone will do
};

/// Of this process, whose network namespace --netns called `named`.
Result<HostIdentity> identify_host(const std::string& named = "",
                                   Identity wanted = Identity::kWhole);

/// Of this process.
bool is_root();

/// What the kernel counts memory in.
int64_t page_bytes();

}  // namespace advisor
