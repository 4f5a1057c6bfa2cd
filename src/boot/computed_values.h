#pragma once

#include <optional>
#include <string>

#include "model/persistent.h"
#include "model/snapshot.h"

namespace advisor {

/// What a boot sets a parameter to if no file does, where the kernel or systemd compute that.
struct ComputedValue {
  /// About: the kernel reckons with the memory that is free when it boots.
  ParameterValue value;
  std::string by;  ///< "the kernel computes it from the memory of the host"
  /// What others set is to be deleted and not to be beaten: their number came from another host,
  /// and so would ours.
  bool better_than_lines = false;
};

/// Nothing if this is not computed, or in a container, which sees the host's.
std::optional<ComputedValue> computed_at_boot(const ParameterName& parameter,
                                              const Snapshot& snapshot,
                                              const std::optional<SysctlLoader>& at_boot);

}  // namespace advisor
