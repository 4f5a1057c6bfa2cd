#pragma once

#include <string>
#include <vector>

#include "load/profile_set.h"

namespace advisor {

/// KEY=VALUE, as sysctl(8) takes it.
struct KeyValue {
  std::string key;
  std::string value;
};

/// What the profiles are called that only consist of values.
inline constexpr const char* kBySet = "--set";

/// Makes the profile ask for these values, in place of what its targets ask of the same parameters.
/// A parameter that nobody knows, and a value that the kernel does not take, are errors.
void add_key_values(const std::vector<KeyValue>& values, const ParameterKnowledge& known,
                    EffectiveProfile& profile, Diagnostics& diagnostics);

}  // namespace advisor
