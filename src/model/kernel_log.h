#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/socket_load.h"

namespace advisor {

/// What the kernel's log says about one trouble. A hint and no evidence: such lines share one rate
/// limit with all others (net.core.message_cost), so their number says little; counters count.
struct KernelLogHint {
  std::string line;  ///< the last of them
  int64_t times = 0;
  double seconds_ago = 0;  ///< the last of them
  bool operator==(const KernelLogHint&) const = default;
};

/// How far back a line is still a hint, seconds.
constexpr double kKernelLogSeconds = 3600;

/// The hints among records of /dev/kmsg ("6,1234,98765432,-;text", Documentation/ABI/testing/
/// dev-kmsg), the newest first; one for each trouble, and for each port where it names one. A line
/// that names another network namespace than `network_namespace`, the inode of ours, is left out; a
/// line that names no namespace may be of any.
std::vector<KernelLogHint> kernel_log_hints(
    const std::vector<std::string>& records, double seconds_since_boot,
    std::optional<uint64_t> network_namespace = std::nullopt);

/// Leaves out the hints on a port that none of our listeners has, or has at another address: they
/// are about another network namespace.
void keep_hints_on(const std::vector<ListenerLoad>& listeners, std::vector<KernelLogHint>& hints);

}  // namespace advisor
