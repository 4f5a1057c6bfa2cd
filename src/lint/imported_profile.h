#pragma once

#include <map>
#include <string>
#include <vector>

#include "lint/lint.h"

namespace advisor {

/// Which rules ask for a parameter by what they observe: the name of the group, and the id.
using RulesByParameter = std::map<ParameterName, std::vector<std::pair<std::string, std::string>>>;

/// A profile made of a sysctl.d file, as TOML. A line of which nothing is to be said is kept as a
/// target; one that does nothing, or that the kernel refuses, is left out; one of folklore makes
/// room for the rules that ask for its parameter where the load does, or is left out. Each that is
/// not kept stands in a comment with what was said of it.
std::string imported_profile(const std::string& name, const std::string& file,
                             std::string_view text, const std::vector<LintRemark>& remarks,
                             const RulesByParameter& rules, const Catalogue& catalogue);

}  // namespace advisor
