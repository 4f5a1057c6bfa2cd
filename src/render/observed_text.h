#pragma once

#include <string>

#include "model/finding.h"

namespace advisor {

/// "tcp.time_wait_reused_per_second = 72/s": what was looked at, and its value for a person. What
/// is no fact, such as a part of a condition, is shown as the condition language writes it.
std::string observed_words(const Observed& seen);

}  // namespace advisor
