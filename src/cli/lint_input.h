#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "lint/lint.h"

namespace advisor {

/// What `lint` is to judge, read from wherever it lies.
struct LintInput {
  std::vector<LintFiles> hosts;  ///< files that stand together, one after the other
  /// By name as it was given: the whole text of each file that is judged.
  std::map<std::string, std::string> texts;
  std::vector<LintRemark> remarks;    ///< of files that no loader reads, whatever they hold
  std::vector<std::string> failures;  ///< what could not be read, a sentence each
};

/// Reads what the arguments name: files, each by itself; directories, whose files stand together;
/// `-`; with --as one file among those of the host; without arguments what the host loads.
LintInput read_lint_input(Context& context, const std::vector<std::string>& arguments);

}  // namespace advisor
