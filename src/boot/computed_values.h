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
  /// A line of others is to be deleted rather than beaten: its number came from another host, and
  /// so would ours.
  bool better_than_lines = false;
};

/// What a boot computes for the parameter; nothing for others, and in a container, which sees the
/// host's.
std::optional<ComputedValue> computed_at_boot(const ParameterName& parameter,
                                              const Snapshot& snapshot,
                                              const std::optional<SysctlLoader>& at_boot);

}  // namespace advisor
