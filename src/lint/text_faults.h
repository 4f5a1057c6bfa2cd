#pragma once

#include <optional>
#include <string_view>

#include "lint/fault.h"
#include "model/catalogue.h"

namespace advisor {

/// Why a line without `=`, which is no comment, sets nothing, and what was probably meant.
LintFault fault_of_no_assignment(std::string_view line, const Catalogue& catalogue);

/// What is wrong with the key of an assignment as text: a command of a shell, a path, a character
/// that nobody sees. Nothing if it looks like a key.
std::optional<LintFault> fault_of_key_text(std::string_view line, std::string_view key);

/// What is wrong with a value whatever it is for: a template or a variable that nobody replaced.
std::optional<LintFault> fault_of_value_text(std::string_view value);

}  // namespace advisor
