#include "load/rule_names.h"

#include <fmt/format.h>

#include "facts/rule_scope.h"

namespace advisor {
namespace {

void add_demanded(const std::vector<Target>& targets, std::set<ParameterName>& parameters) {
  for (const Target& target : targets) parameters.insert(target.parameter);
}

void add_names(const std::vector<std::string>& more, std::vector<std::string>& names) {
  names.insert(names.end(), more.begin(), more.end());
}

/// What decides about the rule.
std::vector<std::string> names_in_conditions(const Rule& rule) {
  std::vector<std::string> names = rule.when.names();
  for (const expr::Expression& condition : rule.applies) add_names(condition.names(), names);
  if (rule.critical_when) add_names(rule.critical_when->names(), names);
  return names;
}

void add_names(const std::vector<Target>& targets, std::vector<std::string>& names) {
  for (const Target& target : targets) {
    names.push_back(fmt::format("sysctl.{}", target.parameter.dotted()));
    for (const Operand& operand : target.operands) {
      const auto* expression = std::get_if<expr::Expression>(&operand);
      if (expression) add_names(expression->names(), names);
    }
  }
}

}  // namespace

std::set<ParameterName> subjects_of(const Rule& rule) {
  std::set<ParameterName> subjects;
  add_named_parameters(names_in_conditions(rule), subjects);
  add_demanded(rule.targets, subjects);
  add_demanded(rule.requires_, subjects);
  return subjects;
}

std::set<ParameterName> subjects_of(const PlainTarget& plain) {
  std::set<ParameterName> subjects{plain.target.parameter};
  if (plain.when) add_named_parameters(plain.when->names(), subjects);
  add_demanded(plain.requires_, subjects);
  return subjects;
}

std::vector<std::string> names_of(const Rule& rule) {
  std::vector<std::string> names = names_in_conditions(rule);
  for (const expr::Message* message : {&rule.evidence, &rule.because, &rule.remedy}) {
    add_names(message->names(), names);
  }
  add_names(rule.targets, names);
  add_names(rule.requires_, names);
  return names;
}

std::vector<std::string> names_of(const PlainTarget& plain) {
  std::vector<std::string> names;
  if (plain.when) names = plain.when->names();
  add_names(std::vector{plain.target}, names);
  add_names(plain.requires_, names);
  return names;
}

}  // namespace advisor
