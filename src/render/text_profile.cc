#include "render/text_profile.h"

#include <fmt/format.h>

#include "base/text.h"
#include "facts/facts.h"
#include "render/observed_text.h"

namespace advisor {
namespace {

/// "connections.outgoing_per_second = 0.3 /s"; a part of a condition for -v only.
std::string seen_text(const Observed& seen, const TextStyle& style) {
  const Fact* fact = find_fact(seen.expression);
  const bool is_parameter = std::string_view(seen.expression).starts_with("sysctl.") &&
                            std::string_view(seen.expression).find(' ') == std::string_view::npos;
  if (!fact && !is_parameter && !style.verbose) return "";
  return wrapped(observed_words(seen), style.width, "    ");
}

std::string advice_text(const ProfileAdvice& advice, const TextStyle& style) {
  std::string text =
      fmt::format("{}  {}\n", painted(advice.profile, "1", style), name_of(advice.speaks)) +
      wrapped(advice.summary, style.width, "  ");
  for (const Observed& seen : advice.observed) {
    text += seen_text(seen, style);
  }
  for (const std::string& missing : advice.missing) {
    text += wrapped("missing: " + missing, style.width, "    ");
  }
  return text + "\n";
}

std::string closing_line(const std::vector<ProfileAdvice>& advice) {
  std::string flags;
  for (const ProfileAdvice& each : advice) {
    if (each.speaks == ProfileAdvice::Speaks::kFor) flags += " --profile " + each.profile;
  }
  if (flags.empty()) return "The load speaks for no profile but baseline.\n";
  return fmt::format("Try: sysctl-advisor audit{}\n", flags);
}

}  // namespace

std::string text_target(const Target& target) {
  std::vector<std::string> operands;
  for (const Operand& operand : target.operands) operands.push_back(to_text(operand));
  return fmt::format("{} {} {}", target.parameter.dotted(), name_of(target.relation),
                     join(operands, ", "));
}

std::string text_profiles(const std::vector<Profile>& profiles) {
  std::string text;
  for (const Profile& profile : profiles) {
    text += fmt::format("{:<18}{}\n", profile.name, profile.summary);
  }
  return text;
}

std::string text_profile(const Profile& profile, const EffectiveProfile& effective,
                         const TextStyle& style) {
  std::string text = fmt::format("{}\n  {}\n  from {}\n", painted(profile.name, "1", style),
                                 profile.summary, profile.file);
  for (const Profile::Reference& parent : profile.extends) {
    text += fmt::format("  extends {}\n", parent.name);
  }
  if (profile.recommend_when) {
    text += fmt::format("  recommended when {}\n", profile.recommend_when->text());
  }
  if (!effective.targets.empty()) text += "\nTargets\n";
  for (const PlainTarget& plain : effective.targets) {
    text += fmt::format("  {}\n", text_target(plain.target));
  }
  for (const ActiveGroup& active : effective.groups) {
    text += fmt::format("\nRules {}\n", active.group.name);
    for (const Rule& rule : active.group.rules) {
      text += fmt::format("  {:<9}{}: {}\n", name_of(rule.severity), rule.id, rule.title);
      for (const Target& target : rule.targets)
        text += "             " + text_target(target) + "\n";
    }
    for (const auto& [name, value] : active.options) {
      text += fmt::format("  option.{} = {}  ({})\n", name, expr::to_text(value),
                          active.group.options.at(name).meaning);
    }
  }
  return text;
}

std::string text_recommended(const std::vector<ProfileAdvice>& advice, const TextStyle& style) {
  std::string text;
  for (const ProfileAdvice& each : advice) text += advice_text(each, style);
  return text + closing_line(advice);
}

}  // namespace advisor
