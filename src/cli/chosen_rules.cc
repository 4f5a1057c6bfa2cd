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

}  // namespace advisor
