#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/message.h"
#include "load/toml_node.h"
#include "model/catalogue.h"
#include "model/kernel_version.h"
#include "model/lint.h"

namespace advisor {

/// What is to be said of a line that sets one of some parameters to certain values: a [[remark]] of
/// profiles/lint/*.toml. Its expressions may speak of `value`, which the line sets, of `default`,
/// which the kernel sets by itself, and of `sysctl.NAME`, which all files together leave.
struct LintRule {
  std::string id;
  std::vector<ParameterName> parameters;  ///< `*` stands for a segment
  std::optional<expr::Expression> when;   ///< nothing: of any value
  std::optional<KernelVersion> since;     ///< from that kernel on
  std::optional<KernelVersion> before;    ///< for kernels before that one
  std::vector<std::string> profiles;      ///< only on hosts of one of these; none: on all
  std::vector<std::string> unless_profiles;
  /// Only inside of containers, or only outside; nothing: both.
  std::optional<bool> container;
  LintVerdict verdict = LintVerdict::kHarmful;
  LintSeverity severity = LintSeverity::kWarning;
  expr::Message why;
  std::string why_written;  ///< with its expressions
  std::string instead;
  std::vector<std::string> reference;
  SourceLocation where;
};

/// Names of which the catalogue has no row, and what is to be said of them: a [[no_parameter]].
struct NoParameter {
  std::string key;  ///< dotted, a shell pattern
  std::string why;
  std::string module;  ///< that brings them; empty: there is no such parameter
};

/// What profiles/lint/*.toml say together.
struct LintKnowledge {
  std::vector<LintRule> rules;
  std::vector<NoParameter> no_parameters;
};

/// The scope of the expressions of a rule: `value` and `default` have the type of `subject`.
class LintScope : public expr::Scope {
 public:
  LintScope(const Catalogue& catalogue, const ParameterName& subject)
      : catalogue_(catalogue), subject_(subject) {}

  std::optional<expr::Type> type_of(const std::string& name) const override;
  std::optional<size_t> size_of(const std::string& name) const override;
  std::vector<std::string> names() const override;

 private:
  const Catalogue& catalogue_;
  const ParameterName& subject_;
};

inline constexpr const char* kLintValue = "value";
inline constexpr const char* kLintDefault = "default";

/// Adds what such a file says; complete only if no error was added to `diagnostics`.
void add_lint_rules(const SourceText& source, const Catalogue& catalogue, LintKnowledge& knowledge,
                    Diagnostics& diagnostics);

}  // namespace advisor
