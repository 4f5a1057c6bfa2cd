#pragma once

#include <optional>

#include "lint/fault.h"
#include "lint/judged_line.h"

namespace advisor {

/// That no kernel has the parameter, with what was probably meant.
LintFault fault_of_unknown_key(std::string_view dotted, const LintGround& ground);

/// That this kernel, or what is visible inside of a container, lacks the parameter, or that it does
/// nothing. Nothing if it is there and counts.
std::optional<LintFault> fault_of_absence(const JudgedLine& judged);

/// That the parameter is not there yet when the files are loaded: its module or its interface comes
/// later.
std::optional<LintFault> fault_of_lateness(const JudgedLine& judged);

}  // namespace advisor
