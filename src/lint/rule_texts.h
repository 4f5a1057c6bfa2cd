#pragma once

#include <string>
#include <vector>

#include "load/lint_rules.h"
#include "model/lint.h"

namespace advisor {

/// What remarks of that id say, each that bears it; none if there is no such id.
std::vector<LintRuleText> texts_of_rule(const std::string& id, const LintKnowledge& knowledge);

/// The ids of all remarks that need no file of rules.
std::vector<std::string> ids_of_own_rules();

}  // namespace advisor
