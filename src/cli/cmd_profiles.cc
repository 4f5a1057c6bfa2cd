#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/profile_check.h"
#include "cli/profile_recommend.h"
#include "render/style.h"

namespace advisor {
namespace {

/// What `check` takes at a time.
constexpr size_t kMostFiles = 1000;

std::string operand_text(const Operand& operand) {
  if (const auto* literal = std::get_if<TypedValue>(&operand)) return untyped(*literal).text();
  return std::string(std::get<expr::Expression>(operand).text());
}

std::string target_text(const Target& target) {
  std::vector<std::string> operands;
  for (const Operand& operand : target.operands) operands.push_back(operand_text(operand));
  return fmt::format("{} {} {}", target.parameter.dotted(), name_of(target.relation),
                     join(operands, ", "));
}

/// All profiles, read; nothing, with the diagnostics printed, if one of them is wrong.
std::optional<std::vector<Profile>> read_all(Context& context) {
  std::vector<Profile> profiles;
  Diagnostics diagnostics;
  for (const std::string& name : context.profiles().profile_names()) {
    const auto source = context.profiles().profile(name);
    if (source) {
      profiles.push_back(parse_profile(*source, context.parameters(), diagnostics));
    } else {
      diagnostics.push_back({DiagnosticSeverity::kError, {}, source.error().message, {}, {}});
    }
  }
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  return profiles;
}

ExitStatus list(Context& context) {
  const auto profiles = read_all(context);
  if (!profiles) return ExitStatus::kTrouble;
  std::string text;
  Json::Array rows;
  for (const Profile& profile : *profiles) {
    text += fmt::format("{:<18}{}\n", profile.name, profile.summary);
    rows.push_back(
        Json::Object{{"name", profile.name}, {"summary", profile.summary}, {"file", profile.file}});
  }
  if (context.request().format == Format::kJson) {
    text =
        Json(Json::Object{{"schema", "sysctl-advisor/profiles/1"}, {"profiles", std::move(rows)}})
            .dump();
  }
  return print(text, ExitStatus::kNothing);
}

std::string profile_text(const Profile& profile, const EffectiveProfile& effective,
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
    text += fmt::format("  {}\n", target_text(plain.target));
  }
  for (const ActiveGroup& active : effective.groups) {
    text += fmt::format("\nRules {}\n", active.group.name);
    for (const Rule& rule : active.group.rules) {
      text += fmt::format("  {:<9}{}: {}\n", name_of(rule.severity), rule.id, rule.title);
      for (const Target& target : rule.targets)
        text += "             " + target_text(target) + "\n";
    }
    for (const auto& [name, value] : active.options) {
      text += fmt::format("  option.{} = {}  ({})\n", name, expr::to_text(value),
                          active.group.options.at(name).meaning);
    }
  }
  return text;
}

std::string profile_json(const Profile& profile, const EffectiveProfile& effective) {
  Json::Array targets, rules;
  for (const PlainTarget& plain : effective.targets) targets.push_back(target_text(plain.target));
  Json::Object options;
  for (const ActiveGroup& active : effective.groups) {
    for (const Rule& rule : active.group.rules) rules.push_back(rule.id);
    for (const auto& [name, value] : active.options) {
      options.emplace_back(name, expr::to_text(value));
    }
  }
  return Json(Json::Object{{"schema", "sysctl-advisor/profile/1"},
                           {"name", profile.name},
                           {"summary", profile.summary},
                           {"file", profile.file},
                           {"targets", std::move(targets)},
                           {"rules", std::move(rules)},
                           {"options", std::move(options)}})
      .dump();
}

ExitStatus show_profile(Context& context, const std::string& name) {
  Diagnostics diagnostics;
  const EffectiveProfile effective =
      resolve_profiles({name}, context.profiles(), context.parameters(), diagnostics);
  show(diagnostics);
  const auto source = context.profiles().profile(name);
  if (has_errors(diagnostics) || !source) return ExitStatus::kTrouble;
  const Profile profile = parse_profile(*source, context.parameters(), diagnostics);
  const bool json = context.request().format == Format::kJson;
  return print(
      json ? profile_json(profile, effective) : profile_text(profile, effective, context.style()),
      ExitStatus::kNothing);
}

ExitStatus run_profiles(Context& context) {
  const auto& arguments = context.request().arguments;
  if (arguments.empty() || (arguments[0] == "list" && arguments.size() == 1)) return list(context);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (arguments[0] == "show" && rest.size() == 1) return show_profile(context, rest[0]);
  if (arguments[0] == "check" && !rest.empty()) return check_files(context, rest);
  if (arguments[0] == "recommend" && rest.empty()) {
    const auto profiles = read_all(context);
    return profiles ? recommend_profiles(context, *profiles) : ExitStatus::kTrouble;
  }
  return fail("say `profiles list`, `show NAME`, `check FILE...` or `recommend`");
}

}  // namespace

const Command kProfilesCommand{
    .name = "profiles",
    .summary = "list | show NAME | check FILE... | recommend",
    .example = "sysctl-advisor profiles recommend --interval 5s",
    .flags = "--format --interval",
    .formats = "text,json",
    .arguments = "list | show NAME | check FILE... | recommend",
    .most_arguments = kMostFiles,
    .run = run_profiles,
};

}  // namespace advisor
