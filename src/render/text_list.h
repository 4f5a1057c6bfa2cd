#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "load/profile_set.h"
#include "model/catalogue.h"
#include "render/style.h"

namespace advisor {

/// A rule, or a plain target, of some profiles, as a list has it.
struct ListedRule {
  RuleId id;
  Severity severity = Severity::kNote;
  SharedText profile;  ///< that brought it in
  std::string title;
};

/// The rules and plain targets of profiles, in the order in which they are judged.
std::vector<ListedRule> rules_of(const EffectiveProfile& profile);

/// A line each: the id, and the title as far as the width reaches.
std::string text_rules(const std::vector<ListedRule>& rules, const TextStyle& style);
/// Schema "sysctl-advisor/rules/1".
Json json_rules(const std::vector<ListedRule>& rules);

/// A line each: the name, and the meaning as far as the width reaches.
std::string text_parameters(const std::vector<const ParameterInfo*>& parameters,
                            const TextStyle& style);
/// Schema "sysctl-advisor/parameters/1".
Json json_parameters(const std::vector<const ParameterInfo*>& parameters);

}  // namespace advisor
