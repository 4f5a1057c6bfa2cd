#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expr/expression.h"

namespace advisor::expr {

/// Names with a type and a value, all in memory: a Scope and its Bindings at once. It remembers
/// which names were asked for.
class NamedValues : public Scope, public Bindings {
 public:
  void add(const std::string& name, Type type, Value value) {
    values_[name] = {type, std::move(value)};
  }

  std::optional<Type> type_of(const std::string& name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second.first);
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, value] : values_) names.push_back(name);
    return names;
  }

  Value value_of(std::string_view name) const override {
    return values_.at(asked_.emplace_back(name)).second;
  }

  const std::vector<std::string>& asked() const { return asked_; }

 private:
  std::map<std::string, std::pair<Type, Value>> values_;
  mutable std::vector<std::string> asked_;
};

}  // namespace advisor::expr
