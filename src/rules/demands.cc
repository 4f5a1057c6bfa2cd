#include "rules/demands.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/kernel_version.h"
#include "model/parameter_cost.h"
#include "model/side_writes.h"
#include "model/write.h"

namespace advisor {
namespace {

/// What a value tells of a parameter of which the catalogue has no row.
ParameterInfo info_like(const TypedValue& value) {
  ParameterInfo info;
  const bool number = std::holds_alternative<std::vector<int64_t>>(value);
  info.type = number ? ParameterType::kInt : ParameterType::kString;
  return info;
}

/// What the operand tells of a parameter of which the catalogue has no row.
ParameterInfo info_without_row(const Target& target) {
  const auto* literal = std::get_if<TypedValue>(&target.operands.front());
  ParameterInfo info = info_like(literal ? *literal : TypedValue(std::string()));
  info.name = target.parameter;
  return info;
}

/// The value an operand has here; nothing if it is unknown or not one the parameter may have.
std::optional<TypedValue> value_of(const Operand& operand, const ParameterInfo& info,
                                   const expr::Bindings& bindings) {
  if (const auto* literal = std::get_if<TypedValue>(&operand)) return *literal;
  const auto text = procfs_text(std::get<expr::Expression>(operand).value(bindings));
  if (!text || why_invalid(info, ParameterValue(*text))) return std::nullopt;
  return typed(info, ParameterValue(*text));
}

std::string not_computed(const Target& target, const Operand& operand) {
  return fmt::format("the value for {} could not be computed from \"{}\"",
                     target.parameter.dotted(), std::get<expr::Expression>(operand).text());
}

/// The constraint of a target on some numbers of a vector, the others as they are now; or why
/// there is none.
std::variant<TypedValue, std::string> with_fields(const Target& target, const ParameterInfo& info,
                                                  const TypedValue& now,
                                                  const expr::Bindings& bindings) {
  const ParameterInfo field = field_of(info);
  auto numbers = std::get<std::vector<int64_t>>(now);
  for (size_t i = 0; i < target.fields.size(); ++i) {
    const auto value = value_of(target.operands[i], field, bindings);
    if (!value) return not_computed(target, target.operands[i]);
    numbers[target.fields[i]] = std::get<std::vector<int64_t>>(*value)[0];
  }
  return TypedValue(numbers);
}

std::string shown(const ParameterValue& value) {
  return value.empty() ? "empty" : value.text();
}

bool is_unlimited(const ParameterInfo& info, const TypedValue& value) {
  return info.unlimited && value == TypedValue(std::vector{*info.unlimited});
}

/// "No limit" is at least anything.
bool is_met(const Constraint& constraint, const ParameterInfo& info, const TypedValue& value) {
  const bool no_less = constraint.relation == Relation::kAtLeast && is_unlimited(info, value);
  return no_less || constraint.allows(value);
}

/// Whether an allowed value goes further than another one in the direction that is demanded.
bool goes_beyond(const Constraint& constraint, const TypedValue& value, const TypedValue& other) {
  return Constraint{constraint.relation, {other}, constraint.fields}.allows(value);
}

}  // namespace

void Demands::add(const Target& target, const expr::Bindings& bindings,
                  std::vector<Finding>& findings, size_t index, bool required) {
  Finding& finding = findings[index];
  const auto give_up = [&](std::string why) {
    if (!finding.remedy.empty()) {
      return demands_.push_back(
          {index, target.parameter, {}, std::nullopt, required, target.where, std::move(why)});
    }
    finding.verdict = Verdict::kUnknown;
    finding.missing.push_back(std::move(why));
  };
  const ParameterInfo* row = catalogue_.find(target.parameter);
  const auto without_row = row ? std::nullopt : std::optional(info_without_row(target));
  const ParameterInfo& info = row ? *row : *without_row;
  const ParameterValue* value = snapshot_.value_of(target.parameter);
  if (!value && snapshot_.lacks(target.parameter)) {
    demands_.push_back({index, target.parameter, {}, std::nullopt, required, target.where});
    return;
  }
  if (!value) return give_up(snapshot_.reading(target.parameter).error().message);
  const auto now = typed(info, *value);
  if (!now) {
    return give_up(fmt::format("{} reads \"{}\", which is not understood",
                               target.parameter.dotted(), value->text()));
  }
  if (target.relation == Relation::kAtLeast && is_unlimited(info, *now)) return;
  Demand demand{index, target.parameter, {}, now, required, target.where};
  demand.constraint.relation = target.relation;
  demand.constraint.fields = target.fields;
  if (!target.fields.empty()) {
    auto wanted = with_fields(target, info, *now, bindings);
    if (const auto* why = std::get_if<std::string>(&wanted)) return give_up(*why);
    demand.constraint.operands.push_back(std::get<TypedValue>(std::move(wanted)));
  }
  for (size_t i = 0; target.fields.empty() && i < target.operands.size(); ++i) {
    auto wanted = value_of(target.operands[i], info, bindings);
    if (!wanted) return give_up(not_computed(target, target.operands[i]));
    demand.constraint.operands.push_back(*std::move(wanted));
  }
  demands_.push_back(std::move(demand));
}

std::string Demands::last_in_words(size_t finding) const {
  if (demands_.empty() || demands_.back().finding != finding || !demands_.back().now) return {};
  const Demand& demand = demands_.back();
  return fmt::format("{} is {}, wanted is {}", demand.parameter.dotted(),
                     shown(untyped(*demand.now)),
                     to_text(demand.constraint, field_names(demand.parameter)));
}

bool Demands::stands(const Demand& demand) const {
  if (!demand.now) return false;
  const Constraint& constraint = demand.constraint;
  if (constraint.allows(*demand.now)) return true;
  const bool is_value =
      constraint.relation == Relation::kExactly || constraint.relation == Relation::kOneOf;
  if (!is_value || !constraint.fields.empty()) return false;
  const ParameterInfo* info = catalogue_.find(demand.parameter);
  const ParameterValue now = untyped(*demand.now);
  return std::ranges::any_of(constraint.operands, [&](const TypedValue& wanted) {
    return may_show(info, untyped(wanted), now);
  });
}

/// Why the parameter is absent, and where it may come from.
std::string Demands::why_absent(const ParameterName& parameter) const {
  std::string why = snapshot_.reading(parameter).error().message;
  const ParameterInfo* info = catalogue_.find(parameter);
  if (!info || info->module.empty()) return why;
  const auto kernel = KernelVersion::parse(snapshot_.host.kernel);
  const auto removed = KernelVersion::parse(info->removed);
  if (kernel && removed && *removed <= *kernel) return why;
  return why + fmt::format("; it comes with the module {0}: `modprobe {0}`, if it is to be there",
                           info->module);
}

std::vector<WishOutcome> Demands::outcomes(const std::vector<size_t>& unmet,
                                           const std::vector<Finding>& findings) const {
  NotSettable not_settable = around_.not_settable;
  not_settable.insert(around_.beyond_memory.begin(), around_.beyond_memory.end());
  std::vector<Wish> wishes;
  for (const size_t i : unmet) {
    const Demand& demand = demands_[i];
    const Finding& finding = findings[demand.finding];
    const bool asked = finding.verdict == Verdict::kViolated && !finding.suppressed;
    wishes.push_back({demand.finding, demand.parameter, demand.required, asked, demand.untold});
    const bool is_absent = !demand.now && demand.untold.empty();
    if (is_absent) not_settable[demand.parameter] = why_absent(demand.parameter);
  }
  return leave_out(wishes, not_settable);
}

void Demands::carry_into(Finding& finding, const Demand& demand, const std::string& why_left_out,
                         const std::vector<Finding>& findings, Diagnostics& diagnostics) const {
  if (!demand.now) {
    finding.left_out.push_back(
        {demand.parameter, std::nullopt, std::nullopt, why_left_out, finding.rule});
    return;
  }
  Diagnostics moot;  // what is left out needs no value
  const auto advised = common_value(demand, findings, why_left_out.empty() ? diagnostics : moot);
  if (!advised) return;
  Recommendation wanted = recommendation(demand, *advised);
  if (why_left_out.empty()) {
    heed_files(of_same_variable(demand, findings), wanted);
    const ParameterInfo* info = catalogue_.find(wanted.parameter);
    if (info) wanted.cost = cost_of(*info, wanted.now, wanted.advised);
    finding.recommendations.push_back(std::move(wanted));
  } else {
    finding.left_out.push_back({wanted.parameter, std::move(wanted.now), std::move(wanted.advised),
                                why_left_out, finding.rule});
  }
}

void Demands::settle(std::vector<Finding>& findings, Diagnostics& diagnostics) {
  std::vector<size_t> unmet;
  for (size_t i = 0; i < demands_.size(); ++i) {
    if (!stands(demands_[i])) unmet.push_back(i);
  }
  const std::vector<WishOutcome> outcome = outcomes(unmet, findings);
  for (size_t i = 0; i < unmet.size(); ++i) demands_[unmet[i]].moot = outcome[i].moot;
  for (size_t i = 0; i < unmet.size(); ++i) {
    const Demand& demand = demands_[unmet[i]];
    if (demand.moot) continue;
    carry_into(findings[demand.finding], demand, outcome[i].left_out, findings, diagnostics);
  }
  for (Finding& finding : findings) {
    const bool has_nothing_to_ask = finding.verdict == Verdict::kViolated &&
                                    finding.recommendations.empty() && finding.remedy.empty() &&
                                    finding.severity != Severity::kInfo;
    const auto lacks_memory = [&](const LeftOut& one) {
      return around_.beyond_memory.contains(one.parameter);
    };
    if (!has_nothing_to_ask || std::ranges::any_of(finding.left_out, lacks_memory)) continue;
    if (finding.left_out.empty()) {
      // The condition holds, but what would mend it stands already.
      finding.verdict = Verdict::kSatisfied;
    } else {
      finding.verdict = Verdict::kNotApplicable;
      finding.not_applicable = "what it asks for cannot be set here";
    }
  }
}

std::vector<const Demands::Demand*> Demands::of_same_variable(
    const Demand& demand, const std::vector<Finding>& findings) const {
  const std::vector<ParameterName> other_names = other_names_of(demand.parameter, catalogue_);
  std::vector<const Demand*> found;
  for (const Demand& other : demands_) {
    // A suppressed finding must not change what the others get.
    const bool counts = other.finding == demand.finding || !findings[other.finding].suppressed;
    const bool same = other.parameter == demand.parameter ||
                      std::ranges::find(other_names, other.parameter) != other_names.end();
    if (same && counts && !other.moot && other.now) found.push_back(&other);
  }
  return found;
}

std::optional<TypedValue> Demands::common_value(const Demand& demand,
                                                const std::vector<Finding>& findings,
                                                Diagnostics& diagnostics) const {
  const std::vector<const Demand*> made = of_same_variable(demand, findings);
  std::vector<Constraint> constraints;
  for (const Demand* other : made) constraints.push_back(other->constraint);
  const auto value = nearest_allowed(*demand.now, constraints);
  if (value) return value;
  std::vector<std::string> wishes;
  for (const Demand* other : made) {
    const std::string by_its_name =
        other->parameter == demand.parameter
            ? ""
            : fmt::format(" of {}, another name of the same variable,", other->parameter.dotted());
    wishes.push_back(fmt::format("{} ({}) wants{} {}", findings[other->finding].rule,
                                 to_text(other->where), by_its_name,
                                 to_text(other->constraint, field_names(demand.parameter))));
  }
  Diagnostic conflict;
  conflict.where = findings[demand.finding].where;
  conflict.message = fmt::format("no value of {} meets every demand: {}", demand.parameter.dotted(),
                                 join(wishes, "; "));
  conflict.hint = "choose fewer profiles, or change one of the demands";
  const bool said =
      std::any_of(diagnostics.begin(), diagnostics.end(),
                  [&](const Diagnostic& other) { return other.message == conflict.message; });
  if (!said) diagnostics.push_back(conflict);
  return std::nullopt;
}

Recommendation Demands::recommendation(const Demand& demand, const TypedValue& advised) const {
  Recommendation recommendation;
  recommendation.parameter = demand.parameter;
  // As the kernel shows it: a number from 2^63 on has no type of ours.
  recommendation.now = *snapshot_.value_of(demand.parameter);
  recommendation.advised = untyped(advised);
  recommendation.required = demand.required;
  const ParameterInfo* info = catalogue_.find(demand.parameter);
  recommendation.in_catalogue = info != nullptr;
  if (info) {
    recommendation.effect = info->effect;
    recommendation.takes_effect = info->takes_effect;
    recommendation.one_way = is_one_way(*info, recommendation.advised);
  }
  return recommendation;
}

/// Advises what the files give at boot if that meets the demands: advising less would leave the
/// next boot worse off than without us.
void Demands::heed_files(const std::vector<const Demand*>& demands,
                         Recommendation& recommendation) const {
  const auto by_files = around_.at_boot.find(recommendation.parameter);
  if (by_files == around_.at_boot.end()) return;
  const ParameterInfo* info = catalogue_.find(recommendation.parameter);
  const auto without_row = info ? std::nullopt : std::optional(info_like(*demands.front()->now));
  const ParameterInfo& row = info ? *info : *without_row;
  std::optional<TypedValue> chosen;
  for (ValueAtBoot given : by_files->second) {
    const auto value = typed(row, given.value);
    given.meets = value && std::ranges::all_of(demands, [&](const Demand* demand) {
                    return is_met(demand->constraint, row, *value);
                  });
    const bool first = !recommendation.at_boot;
    const bool better =
        given.meets && (!chosen || std::ranges::all_of(demands, [&](const Demand* d) {
          return goes_beyond(d->constraint, *value, *chosen);
        }));
    if (first || better) recommendation.at_boot = given;
    if (better) chosen = value;
  }
  if (!chosen) return;
  // A file is followed only as far as its value is valid and can be taken back.
  const ParameterValue& value = recommendation.at_boot->value;
  if (!is_one_way(row, value) && !why_invalid(row, value)) recommendation.advised = value;
}

std::vector<std::string> Demands::field_names(const ParameterName& parameter) const {
  const ParameterInfo* info = catalogue_.find(parameter);
  return info ? info->fields : std::vector<std::string>();
}

}  // namespace advisor
