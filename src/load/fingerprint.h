#pragma once

#include <string>

#include "load/profile_set.h"

namespace advisor {

/// What a host is held against, as 16 hexadecimal digits: the same for the same rules, options and
/// targets, wherever they stand and in whatever order. Demands on a family of parameters (`*`)
/// count as one, so that hosts with other interfaces have the same.
std::string fingerprint(const EffectiveProfile& profile);

}  // namespace advisor
