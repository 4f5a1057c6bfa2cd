#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "load/profile_set.h"

namespace advisor {

/// Keeps the rules and plain targets whose id or one of whose target parameters matches one of
/// `only` (none: all), and drops those that match one of `skip`. Shell patterns.
void select_rules(EffectiveProfile& profile, const std::vector<std::string>& only,
                  const std::vector<std::string>& skip);

/// Whether a finding of the profile, or of the next boot, may have an id that matches.
bool names_a_finding(const std::string& pattern, const EffectiveProfile& profile);

/// The ids of its rules and targets.
std::vector<std::string> ids_of(const EffectiveProfile& profile);

/// What each pattern of `--only` or `--skip` that no rule, target or target parameter matches is,
/// as an error with the nearest id.
Diagnostics unmatched(const std::vector<std::string>& patterns, const char* flag,
                      const EffectiveProfile& profile);

}  // namespace advisor
