#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "expr/message.h"
#include "facts/rule_scope.h"
#include "load/constraint.h"
#include "model/finding.h"

namespace advisor {

/// A value in a target: written down, or computed from facts when the audit runs.
using Operand = std::variant<TypedValue, expr::Expression>;

/// The value, or the expression, as it is written.
std::string to_text(const Operand& operand);

/// What one parameter should be.
struct Target {
  ParameterName parameter;
  Relation relation = Relation::kExactly;
  std::vector<Operand> operands;
  /// If only some numbers of a vector are spoken of: which ones, an operand each.
  std::vector<size_t> fields;
  SourceLocation where;
};

/// Says when something is wrong and what would mend it: a [[rule]] of profiles/rules/*.toml.
struct Rule {
  RuleId id;
  SharedText title;
  SharedText fine;  ///< a title for a host on which nothing is wrong; empty: nobody wrote one
  /// The rule says something only about hosts on which all of these are true.
  std::vector<expr::Expression> applies;
  expr::Expression when;          ///< true: something is wrong
  std::vector<Target> targets;    ///< what would mend it
  std::vector<Target> requires_;  ///< what must hold for the targets to help; applied before them
  Severity severity = Severity::kNote;
  std::optional<expr::Expression> critical_when;  ///< true: it is critical, and not just `severity`
  expr::Message evidence;
  expr::Message because;
  expr::Message remedy;  ///< what helps besides parameters
  bool has_remedy = false;
  SharedText cost;
  std::vector<SharedText> symptoms;  ///< what people see of it: messages, lines of the log, errno
  std::vector<SharedText> controls;  ///< of benchmarks that ask for the same: "CIS RHEL 9 3.3.5"
  std::vector<SharedText> reference;
  SourceLocation where;
  /// The rule is judged once more on the host as a plan would leave it: if it fires only then, the
  /// plan is refused.
  bool guards_plan = false;
  /// The parameters that must be read to judge the rule, sorted. Families (`*`) are not among them.
  std::vector<ParameterName> needs = {};
};

/// One file profiles/rules/<name>.toml.
struct RuleGroup {
  std::string name;
  std::map<std::string, OptionInfo> options;
  std::vector<Rule> rules;
};

}  // namespace advisor
