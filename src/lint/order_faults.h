#pragma once

#include "lint/fault.h"
#include "lint/judged_line.h"

namespace advisor {

/// That the loader does not read the file of the line. Nothing if it does.
std::optional<LintFault> fault_of_unread_file(std::string_view path, SysctlLoader loader);

/// What other lines make of this one: a later one undoes it, or an earlier one says the same.
std::optional<LintFault> fault_by_others(const JudgedLine& judged);

/// Whether no line before it is on the same variable, or sets it along with another one: what the
/// kernel sets by itself then stands when this line comes.
bool comes_first(const JudgedLine& judged);

}  // namespace advisor
