#pragma once

#include "cli/context.h"
#include "load/config.h"
#include "load/profile_set.h"

namespace advisor {

/// Keeps of the profile what --only and --skip choose. False, with the reasons printed, if one of
/// their patterns matches nothing of it.
bool select_chosen(const Request& request, EffectiveProfile& profile);

/// Adds an error for each suppression whose rule no profile has.
void check_suppressions(const Context& context, const EffectiveProfile& chosen,
                        const ParameterKnowledge& known,
                        const std::vector<Suppression>& suppressions, Diagnostics& diagnostics);

}  // namespace advisor
