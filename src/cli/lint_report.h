#pragma once

#include <optional>

#include "cli/lint_input.h"
#include "model/lint.h"

namespace advisor {

/// All that is to be said of the files, for the kernels, the loader and the host that the options
/// name. Nothing, with the reason printed, if that cannot be told.
std::optional<LintReport> lint_report(Context& context, const LintInput& input);

}  // namespace advisor
