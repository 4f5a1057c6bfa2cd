#pragma once

#include <string>

#include "base/result.h"

namespace advisor {

/// What run-time values belong to: they are gone with the boot, and each network namespace has its
/// own.
struct HostIdentity {
  std::string boot_id;            ///< /proc/sys/kernel/random/boot_id
  std::string network_namespace;  ///< device and inode of /proc/self/ns/net
  bool operator==(const HostIdentity&) const = default;
};

Result<HostIdentity> identify_host();

/// Of this process.
bool is_root();

}  // namespace advisor
