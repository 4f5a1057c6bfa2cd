#include "cli/profile_import.h"

#include <algorithm>

#include "cli/lint_report.h"
#include "lint/imported_profile.h"
#include "load/rule_parser.h"

namespace advisor {
namespace {

/// "/etc/sysctl.d/90-Tuning.conf" -> "90-tuning".
std::string profile_name(const std::string& file) {
  std::string name = file.substr(file.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  std::ranges::transform(name, name.begin(), [](char c) {
    const char lower = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    return fits ? lower : '-';
  });
  return name.empty() ? "imported" : name;
}

RulesByParameter rules_by_parameter(Context& context, Diagnostics& diagnostics) {
  RulesByParameter rules;
  for (const std::string& name : context.profiles().rule_group_names()) {
    const auto source = context.profiles().rule_group(name);
    if (!source) continue;
    const RuleGroup group = parse_rule_group(name, *source, context.parameters(), diagnostics);
    for (const Rule& rule : group.rules) {
      for (const Target& target : rule.targets) {
        rules[target.parameter].emplace_back(name, std::string(rule.id));
      }
    }
  }
  return rules;
}

}  // namespace

ExitStatus import_file(Context& context, const std::string& file) {
  Diagnostics diagnostics;
  const LintInput input = read_lint_input(context, {file});
  for (const std::string& failure : input.failures) fail(failure);
  if (!input.failures.empty()) return ExitStatus::kTrouble;
  if (!input.texts.contains(file)) return fail(file + " is no file: name one that holds settings");
  const auto report = lint_report(context, input);
  const auto rules = rules_by_parameter(context, diagnostics);
  show(diagnostics);
  if (!report || has_errors(diagnostics)) return ExitStatus::kTrouble;
  return print_document(imported_profile(profile_name(file), file, input.texts.at(file),
                                         report->remarks, rules, context.catalogue()),
                        ExitStatus::kNothing);
}

}  // namespace advisor
