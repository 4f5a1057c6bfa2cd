#include "rules/audit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/rule_scope.h"

namespace advisor {
namespace {

/// One demand of one finding, computed for this host.
struct Demand {
  size_t finding = 0;
  ParameterName parameter;
  Constraint constraint;
  TypedValue now;
  bool required = false;  ///< a precondition, not the remedy itself
};

/// The catalogue's row, or what the operand tells of a parameter that has none.
ParameterInfo info_of(const Catalogue& catalogue, const Target& target) {
  if (const ParameterInfo* info = catalogue.find(target.parameter)) return *info;
  ParameterInfo info;
  info.name = target.parameter;
  const auto* literal = std::get_if<TypedValue>(&target.operands.front());
  const bool number = literal && std::holds_alternative<std::vector<int64_t>>(*literal);
  info.type = number ? ParameterType::kInt : ParameterType::kString;
  return info;
}

/// The value an expression has here, as a value of the parameter; nothing if it is unknown or
/// not one that the parameter may have.
std::optional<TypedValue> computed_value(const expr::Expression& expression,
                                         const ParameterInfo& info, const RuleBindings& bindings) {
  const expr::Value value = expression.evaluate(bindings).value;
  std::string text;
  if (const auto* number = std::get_if<int64_t>(&value)) {
    text = std::to_string(*number);
  } else if (const auto* list = std::get_if<std::vector<int64_t>>(&value)) {
    text = fmt::format("{}", fmt::join(*list, " "));
  } else if (const auto* string = std::get_if<std::string>(&value)) {
    text = *string;
  } else {
    return std::nullopt;
  }
  if (why_invalid(info, ParameterValue(text))) return std::nullopt;
  return typed(info, ParameterValue(text));
}

class Auditor {
 public:
  Auditor(const Catalogue& catalogue, const Snapshot& snapshot, Diagnostics& diagnostics)
      : catalogue_(catalogue), snapshot_(snapshot), diagnostics_(diagnostics) {}

  std::vector<Finding> run(const EffectiveProfile& profile) {
    for (const ActiveGroup& active : profile.groups) {
      for (const Rule& rule : active.group.rules) judge_rule(rule, active);
    }
    for (const PlainTarget& plain : profile.targets) judge_target(plain);
    meet_demands();
    return std::move(findings_);
  }

 private:
  void judge_rule(const Rule& rule, const ActiveGroup& active) {
    const RuleBindings bindings(catalogue_, active.options, snapshot_);
    Finding finding;
    finding.rule = rule.id;
    finding.title = rule.title;
    finding.severity = rule.severity;
    finding.cost = rule.cost;
    finding.reference = rule.reference;
    finding.where = rule.where;
    finding.profile = active.profile;
    const expr::Evaluation evaluation = rule.when.evaluate(bindings);
    for (const expr::Observation& seen : evaluation.observations) {
      finding.observed.push_back({seen.expression, expr::to_text(seen.value)});
    }
    const auto* fires = std::get_if<bool>(&evaluation.value);
    if (!fires) {
      finding.verdict = Verdict::kUnknown;
      finding.missing = what_was_missing(evaluation.value);
    } else {
      finding.verdict = *fires ? Verdict::kViolated : Verdict::kSatisfied;
    }
    if (fires && *fires) {
      finding.evidence = rule.evidence.fill(bindings);
      finding.because = rule.because.fill(bindings);
      if (rule.has_remedy) finding.remedy = rule.remedy.fill(bindings);
    }
    findings_.push_back(std::move(finding));
    if (!fires || !*fires) return;
    for (const Target& target : rule.requires_) add_demand(target, bindings, true);
    for (const Target& target : rule.targets) add_demand(target, bindings, false);
  }

  void judge_target(const PlainTarget& plain) {
    const OptionValues no_options;
    const RuleBindings bindings(catalogue_, no_options, snapshot_);
    const ParameterInfo* info = catalogue_.find(plain.target.parameter);
    Finding finding;
    finding.rule = id_of(plain);
    finding.title = fmt::format("Profile {} wants this value", plain.profile);
    finding.severity = plain.severity;
    finding.because = plain.because;
    if (info) {
      if (finding.because.empty()) finding.because = info->meaning;
      finding.reference = info->reference;
    }
    finding.where = plain.target.where;
    finding.profile = plain.profile;
    finding.verdict = Verdict::kViolated;
    findings_.push_back(std::move(finding));
    for (const Target& required : plain.requires_) add_demand(required, bindings, true);
    const size_t known = demands_.size();
    add_demand(plain.target, bindings, false);
    if (demands_.size() == known) return;
    findings_.back().evidence =
        fmt::format("{} is {}, wanted is {}", plain.target.parameter.dotted(),
                    shown(untyped(demands_.back().now)), to_text(demands_.back().constraint));
  }

  static std::string shown(const ParameterValue& value) {
    return value.empty() ? "empty" : value.text();
  }

  static std::vector<std::string> what_was_missing(const expr::Value& value) {
    if (const auto* unknown = std::get_if<expr::Unknown>(&value)) return unknown->missing;
    return {expr::to_text(value)};
  }

  /// Adds the demand of a target to the last finding, which becomes unknown if it cannot be told.
  void add_demand(const Target& target, const RuleBindings& bindings, bool required) {
    Finding& finding = findings_.back();
    const ParameterInfo info = info_of(catalogue_, target);
    const Reading reading = snapshot_.reading(target.parameter);
    const auto give_up = [&](std::string why) {
      finding.verdict = Verdict::kUnknown;
      finding.missing.push_back(std::move(why));
    };
    if (!reading) return give_up(reading.error().message);
    const auto now = typed(info, *reading);
    if (!now) {
      return give_up(fmt::format("{} reads \"{}\", which is not understood",
                                 target.parameter.dotted(), reading->text()));
    }
    const bool unlimited = info.unlimited && *now == TypedValue(std::vector{*info.unlimited});
    if (unlimited && target.relation == Relation::kAtLeast) return;
    Demand demand{findings_.size() - 1, target.parameter, {}, *now, required};
    demand.constraint.relation = target.relation;
    demand.constraint.source = fmt::format("{} ({})", finding.rule, to_text(target.where));
    for (const Operand& operand : target.operands) {
      const auto* literal = std::get_if<TypedValue>(&operand);
      const auto value = literal
                             ? std::optional(*literal)
                             : computed_value(std::get<expr::Expression>(operand), info, bindings);
      if (!value) {
        return give_up(fmt::format("the value for {} could not be computed from \"{}\"",
                                   target.parameter.dotted(),
                                   std::get<expr::Expression>(operand).text()));
      }
      demand.constraint.operands.push_back(*value);
    }
    demands_.push_back(std::move(demand));
  }

  /// Turns the demands that are not met into recommendations, one value per parameter for all.
  void meet_demands() {
    for (const Demand& demand : demands_) {
      if (demand.constraint.allows(demand.now)) continue;
      const auto advised = common_value(demand);
      if (advised) recommend(demand, *advised);
    }
    for (Finding& finding : findings_) {
      const bool has_nothing_to_ask = finding.verdict == Verdict::kViolated &&
                                      finding.recommendations.empty() && finding.remedy.empty() &&
                                      finding.severity != Severity::kInfo;
      // The condition holds, but what would mend it stands already.
      if (has_nothing_to_ask) finding.verdict = Verdict::kSatisfied;
    }
  }

  std::optional<TypedValue> common_value(const Demand& demand) {
    std::vector<Constraint> constraints;
    for (const Demand& other : demands_) {
      if (other.parameter == demand.parameter) constraints.push_back(other.constraint);
    }
    const auto value = nearest_allowed(demand.now, constraints);
    if (value) return value;
    std::vector<std::string> sources;
    for (const Constraint& constraint : constraints) {
      sources.push_back(fmt::format("{} wants {}", constraint.source, to_text(constraint)));
    }
    Diagnostic conflict;
    conflict.where = findings_[demand.finding].where;
    conflict.message = fmt::format("no value of {} meets every demand: {}",
                                   demand.parameter.dotted(), join(sources, "; "));
    conflict.hint = "choose fewer profiles, or change one of the demands";
    const bool said =
        std::any_of(diagnostics_.begin(), diagnostics_.end(),
                    [&](const Diagnostic& other) { return other.message == conflict.message; });
    if (!said) diagnostics_.push_back(conflict);
    return std::nullopt;
  }

  void recommend(const Demand& demand, const TypedValue& advised) {
    Recommendation recommendation;
    recommendation.parameter = demand.parameter;
    recommendation.now = untyped(demand.now);
    recommendation.advised = untyped(advised);
    recommendation.required = demand.required;
    const ParameterInfo* info = catalogue_.find(demand.parameter);
    recommendation.in_catalogue = info != nullptr;
    if (info) {
      recommendation.effect = info->effect;
      recommendation.cost = info->cost;
      recommendation.one_way = is_one_way(*info, recommendation.advised);
    }
    findings_[demand.finding].recommendations.push_back(std::move(recommendation));
  }

  const Catalogue& catalogue_;
  const Snapshot& snapshot_;
  Diagnostics& diagnostics_;
  std::vector<Finding> findings_;
  std::vector<Demand> demands_;
};

/// What asks for something first, the worst of it at the top; then what is unknown.
int rank(const Finding& finding) {
  switch (finding.verdict) {
    case Verdict::kViolated:
      return finding.severity == Severity::kInfo ? 5 : 3 - int(finding.severity);
    case Verdict::kUnknown:
      return 4;
    case Verdict::kSatisfied:
    case Verdict::kNotApplicable:
      break;
  }
  return 6;
}

}  // namespace

Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             Diagnostics& diagnostics) {
  Report report{profile.names, std::move(snapshot), {}};
  report.findings = Auditor(catalogue, report.snapshot, diagnostics).run(profile);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  return report;
}

}  // namespace advisor
