#pragma once

#include <set>
#include <string>
#include <vector>

#include "load/profile.h"

namespace advisor {

/// Where profiles and rule files come from.
class ProfileSource {
 public:
  virtual ~ProfileSource() = default;
  /// By name, or the file itself if `name` has a `/` or ends in ".toml".
  virtual Result<SourceText> profile(const std::string& name) const = 0;
  virtual Result<SourceText> rule_group(const std::string& name) const = 0;
  /// The names under which profiles can be had, sorted.
  virtual std::vector<std::string> profile_names() const = 0;
  virtual std::vector<std::string> rule_group_names() const = 0;
};

/// The rules of one group, and the options as the profiles set them.
struct ActiveGroup {
  RuleGroup group;
  OptionValues options;
  SharedText profile;  ///< the first profile that asked for it
};

/// Profiles with everything they extend, combined.
struct EffectiveProfile {
  std::vector<std::string> names;
  std::vector<ActiveGroup> groups;
  std::vector<PlainTarget> targets;
  /// Rules that a plan must not come to break, whatever the profiles are.
  std::vector<ActiveGroup> guards;
};

/// Loads the profiles and combines them: parents before children, a child's target replaces its
/// parent's, a later option replaces an earlier one, targets of profiles that stand side by side
/// all hold. What is returned may be used only if no error was added to `diagnostics`.
EffectiveProfile resolve_profiles(const std::vector<std::string>& names,
                                  const ProfileSource& source, const ParameterKnowledge& known,
                                  Diagnostics& diagnostics);

/// The rules of a group with the options that it has by itself.
ActiveGroup with_own_options(RuleGroup group, const SharedText& profile);

/// Only what may ask for one of these parameters, and no guards.
EffectiveProfile asking_for(const EffectiveProfile& profile,
                            const std::set<ParameterName>& parameters);

/// Every parameter that the profile's rules and targets speak of.
std::set<ParameterName> parameters_of(const EffectiveProfile& profile);

}  // namespace advisor
