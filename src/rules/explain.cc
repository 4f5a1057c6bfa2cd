#include "rules/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "facts/rule_scope.h"
#include "load/rule_names.h"
#include "rules/audit.h"
#include "rules/explain_parameter.h"

namespace advisor {
namespace {

/// "net.ipv4.tcp_mem at least 46000 for pressure".
std::string in_words(const Target& target, const Catalogue& catalogue) {
  std::string relation = name_of(target.relation);
  std::replace(relation.begin(), relation.end(), '_', ' ');
  const ParameterInfo* info = catalogue.find(target.parameter);
  std::vector<std::string> operands;
  for (size_t i = 0; i < target.operands.size(); ++i) {
    operands.push_back(to_text(target.operands[i]));
    if (i < target.fields.size() && info) operands[i] += " for " + info->fields[target.fields[i]];
  }
  return fmt::format("{} {} {}", target.parameter.dotted(), relation,
                     join(operands, target.fields.empty() ? ", " : " and "));
}

std::vector<std::string> in_words(const std::vector<Target>& targets, const Catalogue& catalogue) {
  std::vector<std::string> sentences;
  for (const Target& target : targets) sentences.push_back(in_words(target, catalogue));
  return sentences;
}

/// Makes the explanations of the rules and targets that one audit has judged.
class RuleExplainer {
 public:
  RuleExplainer(const Catalogue& catalogue, const Report& report, bool in_profile)
      : catalogue_(catalogue), report_(report), in_profile_(in_profile) {}

  RuleExplanation explain(const Rule& rule, const ActiveGroup& active) const {
    RuleExplanation explained = begin(rule.id, rule.where, names_of(rule));
    explained.group = active.group.name;
    for (const expr::Expression& condition : rule.applies) {
      explained.applies.emplace_back(condition.text());
    }
    explained.condition = rule.when.text();
    if (rule.critical_when) explained.critical_when = rule.critical_when->text();
    explained.targets = in_words(rule.targets, catalogue_);
    explained.requirements = in_words(rule.requires_, catalogue_);
    const std::vector<std::string> names = names_of(rule);
    for (const auto& [name, value] : active.options) {
      if (std::find(names.begin(), names.end(), "option." + name) == names.end()) continue;
      const auto known = active.group.options.find(name);
      const bool has_meaning = known != active.group.options.end();
      explained.options.push_back(
          {name, expr::to_text(value), has_meaning ? known->second.meaning : ""});
    }
    // An audit gives the reason of a rule only if the rule fires.
    if (explained.finding.because.empty()) {
      const RuleBindings bindings(catalogue_, active.options, report_.snapshot);
      explained.finding.because = rule.because.fill(bindings);
    }
    return explained;
  }

  RuleExplanation explain(const PlainTarget& plain) const {
    RuleExplanation explained =
        begin(id_of_target(plain.target.parameter), plain.target.where, names_of(plain));
    if (plain.when) explained.condition = plain.when->text();
    explained.targets = in_words(std::vector{plain.target}, catalogue_);
    explained.requirements = in_words(plain.requires_, catalogue_);
    return explained;
  }

 private:
  RuleExplanation begin(const RuleId& id, const SourceLocation& where,
                        const std::vector<std::string>& names) const {
    RuleExplanation explained;
    explained.in_profile = in_profile_;
    for (const Finding& finding : report_.findings) {
      if (finding.rule == id && finding.where == where) explained.finding = finding;
    }
    std::set<ParameterName> parameters;
    add_named_parameters(names, parameters);
    for (const ParameterName& parameter : parameters) {
      explained.parameters.push_back({parameter, report_.snapshot.reading(parameter)});
    }
    return explained;
  }

  const Catalogue& catalogue_;
  const Report& report_;
  bool in_profile_;
};

/// Those of the profile for which `wanted` holds, asked with the id and the parameters that the
/// rule is about.
template <typename Wanted>
std::vector<RuleExplanation> explain_those(const EffectiveProfile& profile,
                                           const RuleExplainer& explainer, Wanted wanted) {
  std::vector<RuleExplanation> rules;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      if (wanted(rule.id, subjects_of(rule))) rules.push_back(explainer.explain(rule, active));
    }
  }
  for (const PlainTarget& plain : profile.targets) {
    if (wanted(id_of_target(plain.target.parameter), subjects_of(plain)))
      rules.push_back(explainer.explain(plain));
  }
  return rules;
}

}  // namespace

Explanation explain(const Topics& topics, const EffectiveProfile& profile,
                    const Catalogue& catalogue, const Snapshot& snapshot,
                    const PersistentSettings& persistent,
                    const std::vector<Suppression>& suppressions, Diagnostics& diagnostics,
                    const Surroundings& around) {
  using Subjects = std::set<ParameterName>;
  Explanation explanation;
  explanation.profiles = profile.names;
  explanation.symptoms = topics.symptoms;
  explanation.host = snapshot.host;
  explanation.interval_seconds = snapshot.counters.interval_seconds;
  const Report inside = audit(profile, catalogue, snapshot, suppressions, diagnostics, around);
  const RuleExplainer explainer(catalogue, inside, true);
  const std::vector<BootRun> boots = boots_of(persistent, boot_start(catalogue, snapshot));
  for (const ParameterName& parameter : topics.parameters) {
    ParameterExplanation explained =
        explain_parameter(parameter, catalogue, snapshot, persistent, boots);
    explained.rules = explain_those(
        profile, explainer,
        [&](const RuleId&, const Subjects& subjects) { return subjects.contains(parameter); });
    explanation.parameters.push_back(std::move(explained));
  }
  explanation.rules = explain_those(profile, explainer, [&](const RuleId& id, const Subjects&) {
    return std::find(topics.rules.begin(), topics.rules.end(), id) != topics.rules.end();
  });
  const Report outside =
      audit(topics.outside, catalogue, snapshot, suppressions, diagnostics, around);
  const auto others = explain_those(topics.outside, RuleExplainer(catalogue, outside, false),
                                    [](const RuleId&, const Subjects&) { return true; });
  explanation.rules.insert(explanation.rules.end(), others.begin(), others.end());
  return explanation;
}

}  // namespace advisor
