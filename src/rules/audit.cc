#include "rules/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/text.h"
#include "facts/rule_scope.h"
#include "load/key_value.h"
#include "rules/applicability.h"
#include "rules/demands.h"
#include "rules/guards.h"
#include "rules/memory_share.h"
#include "rules/repeated_advice.h"

namespace advisor {
namespace {

class Auditor {
 public:
  Auditor(const Catalogue& catalogue, const Snapshot& snapshot,
          const std::vector<Suppression>& suppressions, const Surroundings& around)
      : catalogue_(catalogue),
        snapshot_(snapshot),
        suppressions_(suppressions),
        demands_(catalogue, snapshot, around) {}

  std::vector<Finding> run(const EffectiveProfile& profile, Diagnostics& diagnostics) {
    size_t expected = profile.targets.size();
    for (const ActiveGroup& active : profile.groups) expected += active.group.rules.size();
    findings_.reserve(expected);
    for (const ActiveGroup& active : profile.groups) {
      for (const Rule& rule : active.group.rules) judge_rule(rule, active);
    }
    for (const PlainTarget& plain : profile.targets) judge_target(plain);
    demands_.settle(findings_, diagnostics);
    title_what_is_fine(profile);
    return std::move(findings_);
  }

 private:
  /// The findings of the rules come first, in their order.
  void title_what_is_fine(const EffectiveProfile& profile) {
    size_t at = 0;
    for (const ActiveGroup& active : profile.groups) {
      for (const Rule& rule : active.group.rules) {
        Finding& finding = findings_[at++];
        if (finding.verdict == Verdict::kSatisfied && !rule.fine.empty()) finding.title = rule.fine;
      }
    }
  }

  void judge_rule(const Rule& rule, const ActiveGroup& active) {
    const RuleBindings bindings(catalogue_, active.options, snapshot_);
    const size_t place = findings_.size();
    Finding& finding = findings_.emplace_back();
    finding.rule = rule.id;
    finding.title = rule.title;
    finding.severity = rule.severity;
    finding.cost = rule.cost;
    finding.reference = rule.reference;
    finding.controls = rule.controls;
    finding.where = rule.where;
    finding.profile = active.profile;
    suppress(finding, rule.requires_, rule.targets);
    if (applies(rule, bindings, finding)) decide(rule, bindings, finding);
    if (finding.verdict != Verdict::kViolated) return;
    finding.evidence = rule.evidence.fill(bindings);
    finding.because = rule.because.fill(bindings);
    if (rule.has_remedy) finding.remedy = rule.remedy.fill(bindings);
    if (rule.critical_when && rule.critical_when->value(bindings) == expr::Value(true)) {
      finding.severity = Severity::kCritical;
    }
    for (const Target& target : rule.requires_) add_demand(target, bindings, place, true);
    for (const Target& target : rule.targets) add_demand(target, bindings, place, false);
  }

  /// The verdict on a host that the rule applies to.
  static void decide(const Rule& rule, const expr::Bindings& bindings, Finding& finding) {
    expr::Evaluation evaluation = rule.when.evaluate(bindings);
    std::ranges::move(observed_in(std::move(evaluation.observations)),
                      std::back_inserter(finding.observed));
    if (const auto* fires = std::get_if<bool>(&evaluation.value)) {
      finding.verdict = *fires ? Verdict::kViolated : Verdict::kSatisfied;
    } else {
      finding.verdict = Verdict::kUnknown;
      finding.missing = what_was_missing(evaluation.value);
    }
  }

  void judge_target(const PlainTarget& plain) {
    const OptionValues no_options;
    const RuleBindings bindings(catalogue_, no_options, snapshot_);
    const ParameterInfo* info = catalogue_.find(plain.target.parameter);
    const size_t place = findings_.size();
    Finding& finding = findings_.emplace_back();
    finding.rule = id_of_target(plain.target.parameter);
    const bool by_set = plain.profile == kBySet;
    finding.title = by_set ? "--set asks for this value"
                           : fmt::format("Profile {} wants this value", plain.profile);
    finding.severity = plain.severity;
    finding.because = plain.because;
    if (info) {
      if (finding.because.empty()) finding.because = info->meaning;
      finding.reference = info->reference;
    }
    finding.where = plain.target.where;
    finding.controls = plain.controls;
    finding.profile = plain.profile;
    finding.verdict = verdict_on_host(plain, bindings, finding);
    const bool wanted = finding.verdict == Verdict::kViolated;
    // What is asked for by name is not what the configuration keeps out of reports.
    if (!by_set) suppress(finding, plain.requires_, {&plain.target, 1});
    if (!wanted) return;
    for (const Target& required : plain.requires_) add_demand(required, bindings, place, true);
    add_demand(plain.target, bindings, place, false);
    finding.evidence = demands_.last_in_words(place);
  }

  /// Whether this host is one that the target is meant for; violated until its value is known.
  Verdict verdict_on_host(const PlainTarget& plain, const expr::Bindings& bindings,
                          Finding& finding) const {
    if (plain.if_present && snapshot_.lacks(plain.target.parameter)) {
      finding.not_applicable =
          fmt::format("there is no {} here, and it is wanted only where there is one",
                      plain.target.parameter.dotted());
      return Verdict::kNotApplicable;
    }
    if (!plain.when) return Verdict::kViolated;
    expr::Evaluation evaluation = plain.when->evaluate(bindings);
    finding.observed = observed_in(std::move(evaluation.observations));
    if (const auto* applies = std::get_if<bool>(&evaluation.value)) {
      if (*applies) return Verdict::kViolated;
      finding.not_applicable = why_not_applicable(*plain.when);
      return Verdict::kNotApplicable;
    }
    finding.missing = what_was_missing(evaluation.value);
    return Verdict::kUnknown;
  }

  void add_demand(const Target& target, const expr::Bindings& bindings, size_t place,
                  bool required) {
    demands_.add(target, bindings, findings_, place, required);
  }

  /// Marks the finding if its rule, or a parameter that it speaks of, is suppressed.
  void suppress(Finding& finding, std::span<const Target> required,
                std::span<const Target> targets) const {
    const auto concerns = [&](const Suppression& suppression) {
      const auto about = [&](const Target& target) {
        return matches_glob(suppression.parameter, target.parameter.dotted());
      };
      if (!suppression.rule.empty()) return matches_glob(suppression.rule, finding.rule);
      return std::any_of(targets.begin(), targets.end(), about) ||
             std::any_of(required.begin(), required.end(), about);
    };
    const auto found = std::find_if(suppressions_.begin(), suppressions_.end(), concerns);
    if (found != suppressions_.end()) {
      finding.suppressed = std::make_shared<const Suppression>(*found);
    }
  }

  const Catalogue& catalogue_;
  const Snapshot& snapshot_;
  const std::vector<Suppression>& suppressions_;
  Demands demands_;
  std::vector<Finding> findings_;
};

/// Whether advice follows what files give at boot.
bool follows_files(const Report& report) {
  return std::ranges::any_of(report.findings, [](const Finding& finding) {
    return std::ranges::any_of(finding.recommendations, [](const Recommendation& wanted) {
      return wanted.at_boot && wanted.at_boot->meets;
    });
  });
}

/// Replaces what is advised by what would be advised without regard to files.
void stop_following(Report& report, std::vector<Finding> without_files) {
  for (size_t i = 0; i < report.findings.size(); ++i) {
    auto& followed = report.findings[i].recommendations;
    const auto& plain = without_files[i].recommendations;
    for (size_t k = 0; k < followed.size() && k < plain.size(); ++k) {
      followed[k].advised = plain[k].advised;
    }
  }
}

/// What asks for something first, the worst of it at the top; then what is unknown.
int rank(const Finding& finding) {
  switch (finding.verdict) {
    case Verdict::kViolated:
      if (finding.suppressed) return 6;
      return finding.severity == Severity::kInfo ? 5 : 3 - int(finding.severity);
    case Verdict::kUnknown:
      return 4;
    case Verdict::kSatisfied:
    case Verdict::kNotApplicable:
      break;
  }
  return 7;
}

}  // namespace

void put_worst_first(std::vector<Finding>& findings) {
  std::vector<std::pair<int, size_t>> order;  // rank, and where it stands
  for (size_t i = 0; i < findings.size(); ++i) order.emplace_back(rank(findings[i]), i);
  std::sort(order.begin(), order.end());
  // Each is moved once, in place: a finding is large.
  for (size_t i = 0; i < order.size(); ++i) {
    size_t from = order[i].second;
    while (from < i) from = order[from].second;
    std::swap(findings[i], findings[from]);
  }
}

Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             const std::vector<Suppression>& suppressions, Diagnostics& diagnostics,
             const Surroundings& around) {
  Report report{profile.names, std::move(snapshot), {}, {}};
  const auto judged = [&](const Surroundings& counting, Diagnostics& said) {
    return Auditor(catalogue, report.snapshot, suppressions, counting).run(profile, said);
  };
  report.findings = judged(around, diagnostics);
  const MemoryOfAdvice memory = share_memory(report, profile, catalogue);
  const Surroundings within_memory{around.not_settable, around.at_boot, memory.beyond};
  if (!memory.beyond.empty()) {
    Diagnostics said_already;
    report.findings = judged(within_memory, said_already);
  }
  report.advice_memory_bytes = memory.bytes;
  report.objections = objections(report, profile.guards, catalogue);
  // The value of a file may break a guard: what goes with it is raised along, or files are not
  // followed.
  if (!report.objections.empty() && follows_files(report)) {
    meet_guards(report, profile.guards, catalogue);
    report.objections = objections(report, profile.guards, catalogue);
  }
  if (!report.objections.empty() && follows_files(report)) {
    Diagnostics said_already;
    stop_following(report, judged({around.not_settable, {}, memory.beyond}, said_already));
    report.objections = objections(report, profile.guards, catalogue);
  }
  say_once(report.findings);
  put_worst_first(report.findings);
  return report;
}

std::set<ParameterName> asked_for(const Report& report) {
  std::set<ParameterName> parameters;
  for (const Finding& finding : report.findings) {
    for (const Recommendation& wanted : finding.recommendations) {
      parameters.insert(wanted.parameter);
    }
    for (const LeftOut& one : finding.left_out) parameters.insert(one.parameter);
  }
  return parameters;
}

}  // namespace advisor
