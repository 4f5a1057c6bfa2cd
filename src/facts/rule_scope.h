#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "expr/expression.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "model/snapshot.h"

namespace advisor {

/// The values behind `option.NAME`.
using OptionValues = std::map<std::string, expr::Value>;

/// One option that the rules of a group read, with the value it has unless a profile says
/// otherwise.
struct OptionInfo {
  expr::Value default_value;
  SharedText meaning;
};

/// What the expressions of a rule may speak of: every fact, `option.NAME` of its group, and
/// `sysctl.NAME` for every parameter of the catalogue.
class RuleScope : public expr::Scope {
 public:
  RuleScope(const Catalogue& catalogue, const std::map<std::string, OptionInfo>& options)
      : catalogue_(catalogue), options_(options) {}

  std::optional<expr::Type> type_of(const std::string& name) const override;
  std::optional<size_t> size_of(const std::string& name) const override;
  std::vector<std::string> names() const override;

 private:
  /// Null if it names no parameter of the catalogue.
  const ParameterInfo* parameter(const std::string& name) const;

  const Catalogue& catalogue_;
  const std::map<std::string, OptionInfo>& options_;
};

/// The values behind a RuleScope on one host.
class RuleBindings : public expr::Bindings {
 public:
  RuleBindings(const Catalogue& catalogue, const OptionValues& options, const Snapshot& snapshot)
      : catalogue_(catalogue), options_(options), snapshot_(snapshot) {}

  expr::Value value_of(std::string_view name) const override;

 private:
  expr::Value parameter_value(const ParameterName& name) const;

  const Catalogue& catalogue_;
  const OptionValues& options_;
  const Snapshot& snapshot_;
};

/// Adds the parameters among names that conditions speak of.
void add_named_parameters(const std::vector<std::string>& names,
                          std::set<ParameterName>& parameters);

/// Adds the parameters that must be read to evaluate such names: the named ones, and those that the
/// named facts stand on.
void add_needed_parameters(const std::vector<std::string>& names,
                           std::set<ParameterName>& parameters);

/// What an evaluation looked at, in words.
std::vector<Observed> observed_in(std::vector<expr::Observation> observations);

/// What a value that is neither true nor false was missing.
std::vector<std::string> what_was_missing(const expr::Value& value);

/// The type of a value that is neither unknown nor a failure.
expr::Type type_of_value(const expr::Value& value);

}  // namespace advisor
