#pragma once

#include <string>

#include "model/lint.h"
#include "render/style.h"

namespace advisor {

/// For a person: file by file, each line with its remarks, and a summary.
std::string text_lint(const LintReport& report, const TextStyle& style);

/// One line for each remark, "FILE:LINE:1: warning: ... [RULE]", as compilers write them.
std::string gcc_lint(const LintReport& report);

/// One workflow command of GitHub for each remark.
std::string github_lint(const LintReport& report);

}  // namespace advisor
