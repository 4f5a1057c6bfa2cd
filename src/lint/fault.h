#pragma once

#include <string>
#include <vector>

#include "model/lint.h"

namespace advisor {

/// What is wrong with a line, whatever file it stands in.
struct LintFault {
  std::string rule;
  LintVerdict verdict = LintVerdict::kSyntax;
  LintSeverity severity = LintSeverity::kError;
  std::string message;
  std::string action;
};

using LintFaults = std::vector<LintFault>;

}  // namespace advisor
