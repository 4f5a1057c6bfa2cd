#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

/// What a process in the sandbox may still change. What does not exist is left out.
struct SandboxRules {
  /// May be written; neither made nor removed.
  std::vector<std::string> files = {};
  /// Files in them, and below, may be made, written, replaced and removed.
  std::vector<std::string> directories = {};
  /// As directories; directories may be made in them as well.
  std::vector<std::string> trees = {};
};

/// Takes from this process, and from all that it starts, for good and whoever it runs as, the
/// right to change any file but those of the rules, to run a program, and to open or accept TCP
/// connections. Reading stays as it was, and so does what is already open. Returns the version of
/// Landlock that the kernel has; 0 where it has none, and nothing is taken.
Result<int> enter_sandbox(const SandboxRules& rules);

/// The version of Landlock that this kernel has; 0 if none.
int sandbox_version();

}  // namespace advisor
