#pragma once

#include "base/json.h"
#include "model/lint.h"

namespace advisor {

/// Schema sysctl-advisor/lint/1.
Json json_lint(const LintReport& report);

/// A log of the Static Analysis Results Interchange Format 2.1.0 (OASIS).
Json sarif_lint(const LintReport& report, const std::string& version);

}  // namespace advisor
