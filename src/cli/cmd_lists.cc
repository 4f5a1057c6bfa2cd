#include <algorithm>

#include "base/text.h"
#include "cli/advice.h"
#include "cli/commands.h"
#include "render/text_list.h"

namespace advisor {
namespace {

constexpr size_t kMostPatterns = 1000;

/// Whether one of the patterns matches a part of the name, as in `parameters tcp_tw`; any name will
/// do where there are none.
bool is_wanted(std::string_view name, const std::vector<std::string>& patterns) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return matches_glob("*" + pattern + "*", name);
         });
}

ExitStatus nothing_matches(const Request& request, const char* what) {
  return fail(std::string("no ") + what + " matches " + join(request.arguments, ", "));
}

ExitStatus run_rules(Context& context) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  const auto ground = read_ground(context, diagnostics);
  if (!ground) return ExitStatus::kTrouble;
  std::vector<ListedRule> rules = rules_of(ground->profile);
  std::erase_if(
      rules, [&](const ListedRule& rule) { return !is_wanted(rule.id.view(), request.arguments); });
  if (rules.empty()) return nothing_matches(request, "rule");
  if (request.format == Format::kJson) return print_json(json_rules(rules), ExitStatus::kNothing);
  return print(text_rules(rules, context.style()), ExitStatus::kNothing);
}

ExitStatus run_parameters(Context& context) {
  const Request& request = context.request();
  std::vector<const ParameterInfo*> parameters;
  const auto add = [&](const std::string& key) {
    const auto name = ParameterName::parse(key);
    const ParameterInfo* info = name ? context.catalogue().find(*name) : nullptr;
    if (info && std::ranges::find(parameters, info) == parameters.end()) parameters.push_back(info);
  };
  for (const std::string& key : context.catalogue().keys()) {
    if (is_wanted(key, request.arguments)) add(key);
  }
  // One of an interface, of which a row with `*` speaks.
  for (const std::string& word : request.arguments) add(word);
  if (parameters.empty()) return nothing_matches(request, "parameter of the catalogue");
  if (request.format == Format::kJson) {
    return print_json(json_parameters(parameters), ExitStatus::kNothing);
  }
  return print(text_parameters(parameters, context.style()), ExitStatus::kNothing);
}

}  // namespace

const Command kRulesCommand{
    .name = "rules",
    .summary = "the rules and targets of profiles, a line each",
    .example = "sysctl-advisor rules conntrack",
    .flags = "--profile --format",
    .formats = "text,json",
    .arguments = "GLOB...",
    .most_arguments = kMostPatterns,
    .run = run_rules,
};

const Command kParametersCommand{
    .name = "parameters",
    .summary = "the parameters that are known, a line each",
    .example = "sysctl-advisor parameters 'net.ipv4.tcp_*'",
    .flags = "--format",
    .formats = "text,json",
    .arguments = "KEY...",
    .most_arguments = kMostPatterns,
    .run = run_parameters,
};

}  // namespace advisor
