#include "cli/commands.h"
#include "cli/context.h"
#include "cli/profile_check.h"
#include "cli/profile_import.h"
#include "cli/profile_recommend.h"
#include "render/json_profile.h"
#include "render/text_profile.h"

namespace advisor {
namespace {

/// What `check` takes at a time.
constexpr size_t kMostFiles = 1000;

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
  if (context.request().format == Format::kJson) {
    return print_json(json_profiles(*profiles), ExitStatus::kNothing);
  }
  return print(text_profiles(*profiles), ExitStatus::kNothing);
}

ExitStatus show_profile(Context& context, const std::string& name) {
  Diagnostics diagnostics;
  const EffectiveProfile effective =
      resolve_profiles({name}, context.profiles(), context.parameters(), diagnostics);
  show(diagnostics);
  const auto source = context.profiles().profile(name);
  if (has_errors(diagnostics) || !source) return ExitStatus::kTrouble;
  const Profile profile = parse_profile(*source, context.parameters(), diagnostics);
  if (context.request().format == Format::kJson) {
    return print_json(json_profile(profile, effective), ExitStatus::kNothing);
  }
  return print(text_profile(profile, effective, context.style()), ExitStatus::kNothing);
}

ExitStatus run_profiles(Context& context) {
  const auto& arguments = context.request().arguments;
  if (arguments.empty() || (arguments[0] == "list" && arguments.size() == 1)) return list(context);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (arguments[0] == "show" && rest.size() == 1) return show_profile(context, rest[0]);
  if (arguments[0] == "check" && !rest.empty()) return check_files(context, rest);
  if (arguments[0] == "import" && rest.size() == 1) return import_file(context, rest[0]);
  if (arguments[0] == "recommend" && rest.empty()) {
    const auto profiles = read_all(context);
    return profiles ? recommend_profiles(context, *profiles) : ExitStatus::kTrouble;
  }
  return fail("say `profiles list`, `show NAME`, `check FILE...`, `import FILE` or `recommend`");
}

}  // namespace

const Command kProfilesCommand{
    .name = "profiles",
    .summary = "list | show NAME | check FILE... | import FILE | recommend",
    .example = "sysctl-advisor profiles recommend --interval 5s",
    .flags = "--format --interval --kernel",
    .formats = "text,json",
    .arguments = "list | show NAME | check FILE... | import FILE | recommend",
    .most_arguments = kMostFiles,
    .arguments_are_files = true,
    .run = run_profiles,
};

}  // namespace advisor
