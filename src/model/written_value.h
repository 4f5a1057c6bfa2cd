#pragma once

#include <optional>
#include <string_view>

#include "model/catalogue.h"

namespace advisor {

/// What the kernel leaves in a parameter when `written` is written to it while `before` stands. Of
/// numbers it takes as many as the parameter has and ignores what follows behind a blank
/// ("30 # x" is 30); where there are fewer, the others stay as they are. A vector keeps the numbers
/// in front of one that is none, although the write fails. Nothing: the write changes nothing.
/// `info` may be null: then what stands tells how many numbers there are. Whether the kernel takes
/// a number of that size is not asked (why_invalid).
std::optional<ParameterValue> value_written(const ParameterInfo* info,
                                            const std::optional<ParameterValue>& before,
                                            std::string_view written);

}  // namespace advisor
