#include "cli/profile_recommend.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/host_reading.h"
#include "rules/recommend.h"
#include "rules/rule_scope.h"

namespace advisor {
namespace {

using Speaks = ProfileAdvice::Speaks;

const char* word_for(Speaks speaks) {
  constexpr const char* kWords[] = {"recommended", "unknown", "not recommended"};
  return kWords[size_t(speaks)];
}

std::string advice_text(const ProfileAdvice& advice, const TextStyle& style) {
  std::string text =
      fmt::format("{}  {}\n", painted(advice.profile, "1", style), word_for(advice.speaks)) +
      wrapped(advice.summary, style.width, "  ");
  for (const Observed& seen : advice.observed) {
    text += wrapped(fmt::format("{} = {}", seen.expression, seen.value), style.width, "    ");
  }
  for (const std::string& missing : advice.missing) {
    text += wrapped("missing: " + missing, style.width, "    ");
  }
  return text + "\n";
}

std::string closing_line(const std::vector<ProfileAdvice>& advice) {
  std::string flags;
  for (const ProfileAdvice& each : advice) {
    if (each.speaks == Speaks::kFor) flags += " --profile " + each.profile;
  }
  if (flags.empty()) return "The load speaks for no profile but baseline.\n";
  return fmt::format("Try: sysctl-advisor audit{}\n", flags);
}

Json advice_json(const ProfileAdvice& advice) {
  Json::Array observed;
  for (const Observed& seen : advice.observed) {
    observed.push_back(Json::Object{{"expression", seen.expression}, {"value", seen.value}});
  }
  return Json::Object{{"profile", advice.profile},
                      {"summary", advice.summary},
                      {"verdict", word_for(advice.speaks)},
                      {"observed", std::move(observed)},
                      {"missing", Json::array_of(advice.missing)}};
}

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
    Json::Array rows;
    for (const ProfileAdvice& each : advice) rows.push_back(advice_json(each));
    const Json report = Json::Object{{"schema", "sysctl-advisor/recommend/1"},
                                     {"interval_seconds", snapshot->counters.interval_seconds},
                                     {"profiles", std::move(rows)}};
    return print_json(report, ExitStatus::kNothing);
  }
  std::string text;
  for (const ProfileAdvice& each : advice) text += advice_text(each, context.style());
  return print(text + closing_line(advice), ExitStatus::kNothing);
}

}  // namespace advisor
