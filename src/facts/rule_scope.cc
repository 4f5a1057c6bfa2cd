#include "facts/rule_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <variant>

#include "facts/fact_values.h"
#include "facts/facts.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr std::string_view kParameterPrefix = "sysctl.";
constexpr std::string_view kOptionPrefix = "option.";

std::optional<std::string_view> after_prefix(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

Type type_of_parameter(ParameterType type) {
  switch (type) {
    case ParameterType::kBool:
    case ParameterType::kInt:
    case ParameterType::kBitmask:
      return Type::kInt;
    case ParameterType::kVector:
    case ParameterType::kRange:
      return Type::kIntList;
    case ParameterType::kPortSet:
    case ParameterType::kString:
      break;
  }
  return Type::kString;
}

ObservedValue typed_value(const Value& value) {
  return std::visit(
      [&]<typename T>(const T& one) -> ObservedValue {
        if constexpr (std::is_same_v<T, Unknown> || std::is_same_v<T, expr::Failure>) {
          return {};
        } else if constexpr (std::is_constructible_v<ObservedValue, T>) {
          return one;
        } else {
          return expr::to_text(value);
        }
      },
      value);
}

}  // namespace

void add_named_parameters(const std::vector<std::string>& names,
                          std::set<ParameterName>& parameters) {
  for (const std::string& name : names) {
    if (!name.starts_with(kParameterPrefix)) continue;
    if (const auto parsed = ParameterName::parse(name.substr(kParameterPrefix.size()))) {
      parameters.insert(*parsed);
    }
  }
}

void add_needed_parameters(const std::vector<std::string>& names,
                           std::set<ParameterName>& parameters) {
  add_named_parameters(names, parameters);
  for (const std::string& name : names) {
    const Fact* fact = find_fact(name);
    if (!fact) continue;
    for (const std::string_view parameter : fact->stands_on) {
      parameters.insert(ParameterName::of_canonical(SharedText::lasting(parameter)));
    }
  }
}

std::vector<Observed> observed_in(std::vector<expr::Observation> observations) {
  std::vector<Observed> observed;
  observed.reserve(observations.size());
  for (expr::Observation& seen : observations) {
    observed.push_back(
        {std::move(seen.expression), expr::to_text(seen.value), typed_value(seen.value)});
  }
  return observed;
}

std::vector<std::string> what_was_missing(const Value& value) {
  if (const auto* unknown = std::get_if<Unknown>(&value)) return unknown->missing;
  return {expr::to_text(value)};
}

Type type_of_value(const Value& value) {
  constexpr Type kTypes[] = {Type::kBool,    Type::kInt,        Type::kDouble,    Type::kString,
                             Type::kIntList, Type::kDoubleList, Type::kStringList};
  return kTypes[value.index()];
}

const ParameterInfo* RuleScope::parameter(const std::string& name) const {
  const auto written = after_prefix(name, kParameterPrefix);
  const auto parsed = written ? ParameterName::parse(*written) : std::nullopt;
  return parsed ? catalogue_.find(*parsed) : nullptr;
}

std::optional<size_t> RuleScope::size_of(const std::string& name) const {
  const ParameterInfo* info = parameter(name);
  return info ? std::optional(field_count(*info)) : std::nullopt;
}

std::optional<Type> RuleScope::type_of(const std::string& name) const {
  if (name.starts_with(kParameterPrefix)) {
    const ParameterInfo* info = parameter(name);
    return info ? std::optional(type_of_parameter(info->type)) : std::nullopt;
  }
  if (const auto option = after_prefix(name, kOptionPrefix)) {
    const auto found = options_.find(std::string(*option));
    if (found == options_.end()) return std::nullopt;
    return type_of_value(found->second.default_value);
  }
  const Fact* fact = find_fact(name);
  return fact ? std::optional(fact->type) : std::nullopt;
}

std::vector<std::string> RuleScope::names() const {
  std::vector<std::string> names;
  for (const Fact& fact : facts()) names.emplace_back(fact.name);
  for (const auto& [name, option] : options_) names.push_back(std::string(kOptionPrefix) + name);
  for (const std::string& name : catalogue_.keys()) {
    names.push_back(std::string(kParameterPrefix) + name);
  }
  return names;
}

Value RuleBindings::value_of(std::string_view name) const {
  if (const auto parameter = after_prefix(name, kParameterPrefix)) {
    // It was checked as a name when the rule was compiled. The dotted spelling is looked up without
    // a copy.
    const bool dotted = (*parameter)[parameter->find_first_of("./")] == '.';
    return parameter_value(dotted ? ParameterName::of_canonical(SharedText::lasting(*parameter))
                                  : *ParameterName::parse(*parameter));
  }
  if (const auto option = after_prefix(name, kOptionPrefix)) {
    return options_.find(std::string(*option))->second;
  }
  return find_fact(name)->value(snapshot_);
}

Value RuleBindings::parameter_value(const ParameterName& name) const {
  const ParameterValue* now = snapshot_.value_of(name);
  if (!now) return Unknown{{snapshot_.reading(name).error().message}};
  const ParameterInfo& info = *catalogue_.find(name);
  const auto parsed = typed(info, *now);
  if (!parsed) {
    return Unknown{
        {fmt::format("{} reads \"{}\", which is not understood", name.dotted(), now->text())}};
  }
  const auto* numbers = std::get_if<std::vector<int64_t>>(&*parsed);
  if (!numbers) return untyped(*parsed).text();
  if (type_of_parameter(info.type) == Type::kInt) return (*numbers)[0];
  return *numbers;
}

}  // namespace advisor
