#include "cli/chosen_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/context.h"
#include "load/rule_selection.h"

namespace advisor {

bool select_chosen(const Request& request, EffectiveProfile& profile) {
  Diagnostics errors = unmatched(request.only, "--only", profile);
  std::ranges::move(unmatched(request.skip, "--skip", profile), std::back_inserter(errors));
  if (errors.empty()) select_rules(profile, request.only, request.skip);
  const bool chosen = errors.empty();
  show(std::move(errors));
  return chosen;
}

void check_suppressions(const Context& context, const EffectiveProfile& chosen,
                        const ParameterKnowledge& known,
                        const std::vector<Suppression>& suppressions, Diagnostics& diagnostics) {
  for (const Suppression& suppression : suppressions) {
    const std::string& pattern = suppression.rule;
    if (pattern.empty() || names_a_finding(pattern, chosen)) continue;
    std::vector<std::string> ids = ids_of(chosen);
    bool is_named = false;
    for (const std::string& name : context.profiles().profile_names()) {
      // What is wrong with a profile that was not chosen is told when it is.
      Diagnostics of_others;
      const EffectiveProfile other = resolve_profiles({name}, context.profiles(), known, of_others);
      // It may have the rule.
      is_named = is_named || has_errors(of_others) || names_a_finding(pattern, other);
      std::ranges::move(ids_of(other), std::back_inserter(ids));
    }
    if (is_named) continue;
    diagnostics.push_back({DiagnosticSeverity::kError,
                           suppression.where,
                           "no profile has a rule or target \"" + pattern + "\"",
                           did_you_mean(pattern, ids),
                           {}});
  }
}

}  // namespace advisor
