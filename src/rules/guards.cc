#include "rules/guards.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <utility>

#include "facts/rule_scope.h"
#include "rules/applicability.h"
#include "rules/demands.h"

namespace advisor {
namespace {

/// The parameters as they would be with every recommendation carried out; empty if there is none.
std::map<ParameterName, Reading> as_recommended(const Report& report) {
  std::map<ParameterName, Reading> planned;
  for (const Finding& finding : report.findings) {
    if (finding.verdict != Verdict::kViolated || finding.suppressed) continue;
    for (const Recommendation& wanted : finding.recommendations) {
      planned.insert_or_assign(wanted.parameter, Reading(wanted.advised));
    }
  }
  return planned;
}

/// Exchanges the planned values for those of the snapshot, which has read each of these parameters.
void exchange(Snapshot& snapshot, std::map<ParameterName, Reading>& planned) {
  for (auto& [parameter, reading] : planned) {
    std::swap(snapshot.parameters.find(parameter)->second, reading);
  }
}

/// Calls `say` for each guard that holds on this host and not on the planned one, while the
/// snapshot is that of the latter: the planned values are exchanged for those of the report, since
/// a snapshot can be large.
void for_each_broken(Report& report, const std::vector<ActiveGroup>& guards,
                     const Catalogue& catalogue,
                     const std::function<void(const Rule&, const RuleBindings&)>& say) {
  std::map<ParameterName, Reading> planned = as_recommended(report);
  if (planned.empty()) return;
  const expr::Value broken = true;
  std::vector<std::pair<const Rule*, RuleBindings>> intact;
  for (const ActiveGroup& active : guards) {
    const RuleBindings bindings(catalogue, active.options, report.snapshot);
    for (const Rule& guard : active.group.rules) {
      if (fires(guard, bindings) != broken) intact.emplace_back(&guard, bindings);
    }
  }
  exchange(report.snapshot, planned);
  for (const auto& [guard, bindings] : intact) {
    if (fires(*guard, bindings) == broken) say(*guard, bindings);
  }
  exchange(report.snapshot, planned);
}

/// Advises that value wherever the parameter is spoken of, unless a file gives what is advised.
void advise_instead(Report& report, const ParameterName& parameter, const ParameterValue& value) {
  for (Finding& finding : report.findings) {
    for (Recommendation& wanted : finding.recommendations) {
      const bool by_file = wanted.at_boot && wanted.at_boot->meets;
      if (wanted.parameter == parameter && !by_file) wanted.advised = value;
    }
  }
}

}  // namespace

std::vector<std::string> objections(Report& report, const std::vector<ActiveGroup>& guards,
                                    const Catalogue& catalogue) {
  std::vector<std::string> sentences;
  for_each_broken(report, guards, catalogue, [&](const Rule& guard, const RuleBindings& bindings) {
    sentences.push_back(fmt::format("the advice as a whole would break {}: {} {}", guard.id,
                                    guard.evidence.fill(bindings), guard.because.fill(bindings)));
  });
  return sentences;
}

void meet_guards(Report& report, const std::vector<ActiveGroup>& guards,
                 const Catalogue& catalogue) {
  std::vector<Finding> wanted;
  for_each_broken(report, guards, catalogue, [&](const Rule& guard, const RuleBindings& bindings) {
    const Surroundings none;
    Demands demands(catalogue, report.snapshot, none);
    std::vector<Finding> of_guard(1);
    of_guard[0].verdict = Verdict::kViolated;
    for (const Target& target : guard.targets) demands.add(target, bindings, of_guard, 0, false);
    Diagnostics conflicts;  // with demands on this host, which are not among them
    demands.settle(of_guard, conflicts);
    wanted.push_back(std::move(of_guard[0]));
  });
  for (const Finding& of_guard : wanted) {
    for (const Recommendation& one : of_guard.recommendations) {
      advise_instead(report, one.parameter, one.advised);
    }
  }
}

}  // namespace advisor
