#pragma once

#include <map>
#include <string>
#include <vector>

#include "load/lint_rules.h"
#include "model/catalogue.h"
#include "model/lint.h"
#include "sysctld/configuration.h"

namespace advisor {

/// For which host lines are judged.
struct LintGround {
  const Catalogue& catalogue;
  const std::vector<ParameterName>& names;  ///< names_in_catalogue()
  const LintKnowledge& knowledge;
  KernelVersion kernel;
  std::string kernel_text;  ///< as it was asked for
  SysctlLoader loader = SysctlLoader::kSystemd;
  std::vector<std::string> profiles;  ///< what the host is for; none: not known
  bool container = false;             ///< they are loaded inside of a container
};

/// Files that one host loads together, and those among them that are judged.
struct LintFiles {
  Configuration configuration;
  /// By path in the configuration: the name by which the file was given.
  std::map<std::string, std::string> judged;
};

/// What is to be said of each line of the judged files, in the order of the files and lines; of one
/// line the loudest comes first. Lines of which nothing is to be said have no remark. Pure: no host
/// is asked.
std::vector<LintRemark> lint(const LintFiles& files, const LintGround& ground);

/// One list of what was said for one kernel after the other: what is said for several names all.
std::vector<LintRemark> with_kernels_merged(const std::vector<std::vector<LintRemark>>& lists);

}  // namespace advisor
