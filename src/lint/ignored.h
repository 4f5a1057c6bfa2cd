#pragma once

#include <string_view>
#include <vector>

#include "model/lint.h"

namespace advisor {

/// Heeds comments such as `# sysctl-advisor: ignore[one-way] it is meant to stay` above an
/// assignment, in the lines of one file: remarks of that rule on the next line that is no comment
/// are ignored, for the reason given.
void heed_ignored(const std::vector<std::string_view>& lines,
                  std::vector<LintRemark>::iterator begin, std::vector<LintRemark>::iterator end);

}  // namespace advisor
