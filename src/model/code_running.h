#pragma once

#include <optional>

#include "model/catalogue.h"

namespace advisor {

/// The row of a parameter through which code can be made to run as root, as far as the program
/// itself knows it: such a list must not hang on files that somebody can replace. Nothing for all
/// other parameters.
std::optional<ParameterInfo> code_running_row(const ParameterName& name);

}  // namespace advisor
