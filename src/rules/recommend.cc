#include "rules/recommend.h"

#include <algorithm>

#include "facts/rule_scope.h"

namespace advisor {
namespace {

ProfileAdvice advice_on(const Profile& profile, const expr::Bindings& bindings) {
  ProfileAdvice advice;
  advice.profile = profile.name;
  advice.summary = profile.summary;
  expr::Evaluation evaluation = profile.recommend_when->evaluate(bindings);
  advice.observed = observed_in(std::move(evaluation.observations));
  if (const auto* holds = std::get_if<bool>(&evaluation.value)) {
    advice.speaks = *holds ? ProfileAdvice::Speaks::kFor : ProfileAdvice::Speaks::kNotFor;
  } else {
    advice.missing = what_was_missing(evaluation.value);
  }
  return advice;
}

}  // namespace

const char* name_of(ProfileAdvice::Speaks speaks) {
  constexpr const char* kNames[] = {"recommended", "unknown", "not recommended"};
  return kNames[size_t(speaks)];
}

std::vector<ProfileAdvice> recommend(const std::vector<Profile>& profiles,
                                     const Catalogue& catalogue, const Snapshot& snapshot) {
  const OptionValues no_options;
  const RuleBindings bindings(catalogue, no_options, snapshot);
  std::vector<ProfileAdvice> advice;
  for (const Profile& profile : profiles) {
    if (profile.recommend_when) advice.push_back(advice_on(profile, bindings));
  }
  std::stable_sort(
      advice.begin(), advice.end(),
      [](const ProfileAdvice& a, const ProfileAdvice& b) { return a.speaks < b.speaks; });
  return advice;
}

}  // namespace advisor
