#include "render/json_profile.h"

#include "render/json_report.h"
#include "render/text_profile.h"

namespace advisor {
namespace {

Json advice_json(const ProfileAdvice& advice) {
  return Json::Object{{"profile", advice.profile},
                      {"summary", advice.summary},
                      {"verdict", name_of(advice.speaks)},
                      {"observed", json_observed(advice.observed)},
                      {"missing", Json::array_of(advice.missing)}};
}

}  // namespace

Json json_profiles(const std::vector<Profile>& profiles) {
  Json::Array rows;
  for (const Profile& profile : profiles) {
    rows.push_back(
        Json::Object{{"name", profile.name}, {"summary", profile.summary}, {"file", profile.file}});
  }
  return Json::Object{{"schema", "sysctl-advisor/profiles/1"}, {"profiles", std::move(rows)}};
}

Json json_profile(const Profile& profile, const EffectiveProfile& effective) {
  Json::Array targets, rules;
  for (const PlainTarget& plain : effective.targets) targets.push_back(text_target(plain.target));
  Json::Array options;
  for (const ActiveGroup& active : effective.groups) {
    for (const Rule& rule : active.group.rules) rules.push_back(rule.id);
    for (const auto& [name, value] : active.options) {
      options.push_back(Json::Object{{"name", name}, {"value", expr::to_text(value)}});
    }
  }
  return Json::Object{{"schema", "sysctl-advisor/profile/2"}, {"name", profile.name},
                      {"summary", profile.summary},           {"file", profile.file},
                      {"targets", std::move(targets)},        {"rules", std::move(rules)},
                      {"options", std::move(options)}};
}

Json json_recommended(const std::vector<ProfileAdvice>& advice, double interval_seconds) {
  Json::Array rows;
  for (const ProfileAdvice& each : advice) rows.push_back(advice_json(each));
  return Json::Object{{"schema", "sysctl-advisor/recommend/1"},
                      {"interval_seconds", interval_seconds},
                      {"profiles", std::move(rows)}};
}

}  // namespace advisor
