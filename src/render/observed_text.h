#pragma once

#include <string>
#include <string_view>

#include "model/finding.h"

namespace advisor {

/// A number of this unit, as the unit of a fact is called: "84.1 MiB", "72/s", "98 %", "1 port".
/// Only the number where there is no unit.
std::string number_in_words(double number, std::string_view unit);

/// "tcp.time_wait_reused_per_second = 72/s": what was looked at, and its value for a person. What
/// is no fact, such as a part of a condition, is shown as the condition language writes it.
std::string observed_words(const Observed& seen);

}  // namespace advisor
