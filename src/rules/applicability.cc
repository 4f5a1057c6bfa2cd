#include "rules/applicability.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "facts/facts.h"
#include "facts/rule_scope.h"

namespace advisor {

std::string why_not_applicable(const expr::Expression& condition) {
  const SharedText text = condition.text();
  std::string_view name = text.view();
  const bool negated = name.starts_with('!');
  if (negated) name.remove_prefix(1);
  const Fact* fact = find_fact(name);
  const char* words = fact ? (negated ? fact->when_true : fact->when_false) : nullptr;
  if (words) return words;
  return fmt::format("it is not true here that {}", condition.text());
}

bool applies(const Rule& rule, const expr::Bindings& bindings, Finding& finding) {
  for (const expr::Expression& condition : rule.applies) {
    expr::Evaluation evaluation = condition.evaluate(bindings);
    std::ranges::move(observed_in(std::move(evaluation.observations)),
                      std::back_inserter(finding.observed));
    const bool is_known = std::holds_alternative<bool>(evaluation.value);
    if (is_known && std::get<bool>(evaluation.value)) continue;
    finding.verdict = is_known ? Verdict::kNotApplicable : Verdict::kUnknown;
    finding.missing.clear();
    if (is_known) {
      finding.not_applicable = why_not_applicable(condition);
      return false;
    }
    finding.missing = what_was_missing(evaluation.value);
  }
  return finding.missing.empty();
}

expr::Value fires(const Rule& rule, const expr::Bindings& bindings) {
  expr::Value undecided = true;
  for (const expr::Expression& condition : rule.applies) {
    const expr::Value holds = condition.value(bindings);
    if (holds == expr::Value(false)) return false;
    if (holds != expr::Value(true)) undecided = holds;
  }
  return undecided == expr::Value(true) ? rule.when.value(bindings) : undecided;
}

}  // namespace advisor
