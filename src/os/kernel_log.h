#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

/// The records that /dev/kmsg holds now, oldest first, as the kernel writes them. Denied where only
/// root may read them (kernel.dmesg_restrict). The log is one for the whole host.
Result<std::vector<std::string>> read_kernel_log();

}  // namespace advisor
