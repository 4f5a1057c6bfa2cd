#include "cli/profile_recommend.h"

#include "cli/host_reading.h"
#include "facts/rule_scope.h"
#include "render/json_profile.h"
#include "render/text_profile.h"
#include "rules/recommend.h"

namespace advisor {
namespace {

/// Everything that the conditions of the profiles speak of.
std::set<ParameterName> parameters_of(const std::vector<Profile>& profiles) {
  std::set<ParameterName> parameters;
  for (const Profile& profile : profiles) {
    if (profile.recommend_when) add_needed_parameters(profile.recommend_when->names(), parameters);
  }
  return parameters;
}

}  // namespace

ExitStatus recommend_profiles(Context& context, const std::vector<Profile>& profiles) {
  const auto snapshot = read_host(context, parameters_of(profiles));
  if (!snapshot) return ExitStatus::kTrouble;
  const auto advice = recommend(profiles, context.catalogue(), *snapshot);
  if (context.request().format == Format::kJson) {
    return print_json(json_recommended(advice, snapshot->counters.interval_seconds),
                      ExitStatus::kNothing);
  }
  return print(text_recommended(advice, context.style()), ExitStatus::kNothing);
}

}  // namespace advisor
