#include "rules/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

class Planner {
 public:
  explicit Planner(const Report& report) {
    for (const Finding& finding : report.findings) {
      if (finding.verdict == Verdict::kViolated && !finding.suppressed) add(finding);
    }
  }

  /// Depth first over what must stand before: each change after its requirements.
  std::vector<Change> ordered() {
    std::vector<Change> ordered;
    for (const ParameterName& name : order_of_mention_) place(name, ordered);
    return ordered;
  }

 private:
  void add(const Finding& finding) {
    std::vector<ParameterName> required;
    for (const Recommendation& wanted : finding.recommendations) {
      const Change change{wanted.parameter, wanted.now, wanted.advised, finding.rule};
      if (changes_.emplace(wanted.parameter, change).second) {
        order_of_mention_.push_back(wanted.parameter);
      }
      if (wanted.required) {
        required.push_back(wanted.parameter);
      } else {
        before_[wanted.parameter].insert(required.begin(), required.end());
      }
    }
  }

  void place(const ParameterName& name, std::vector<Change>& ordered) {
    if (!placed_.insert(name).second) return;
    for (const ParameterName& required : before_[name]) place(required, ordered);
    ordered.push_back(changes_.at(name));
  }

  std::map<ParameterName, Change> changes_;
  std::vector<ParameterName> order_of_mention_;
  std::map<ParameterName, std::set<ParameterName>> before_;
  std::set<ParameterName> placed_;
};

std::optional<std::string> why_refused(const Change& change, const Catalogue& catalogue,
                                       const PlanPolicy& policy) {
  const ParameterInfo* info = catalogue.find(change.parameter);
  if (!info) return std::nullopt;
  const std::string& name = info->name.dotted();
  if (info->runs_code) {
    return fmt::format("{} names a program that the kernel runs as root; no profile may set it",
                       name);
  }
  if (is_one_way(*info, change.after) && !policy.allow_one_way) {
    return fmt::format(
        "{} = {} cannot be taken back before the next boot; --allow-one-way sets it "
        "all the same",
        name, change.after.text());
  }
  // Then the other one holds what counts, is reset by this write, and no 0 brings it back; the
  // kernel does not even take a 0 for vm.dirty_bytes.
  if (!info->excludes.empty() && same_value(info, change.before, ParameterValue("0"))) {
    const std::string& other = info->excludes.front().dotted();
    return fmt::format(
        "{} is 0 since {} is set instead, and a rollback could not set that again; "
        "change {}",
        name, other, other);
  }
  if (const auto why = why_invalid(*info, change.after)) {
    return fmt::format("{} = {}: {}", name, change.after.text(), *why);
  }
  return std::nullopt;
}

}  // namespace

PlanningOutcome plan_changes(const Report& report, const Catalogue& catalogue,
                             const PlanPolicy& policy) {
  PlanningOutcome outcome;
  outcome.changes = Planner(report).ordered();
  outcome.refusals = report.objections;
  for (const Change& change : outcome.changes) {
    if (const auto why = why_refused(change, catalogue, policy)) outcome.refusals.push_back(*why);
  }
  // A rule that could not be decided asks for nothing. A plain target is asked for, come what may.
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    if (finding.verdict == Verdict::kUnknown && finding.rule.starts_with("target:")) {
      outcome.refusals.push_back(fmt::format("{}: {}: {}", to_text(finding.where), finding.rule,
                                             join(finding.missing, "; ")));
    }
  }
  return outcome;
}

}  // namespace advisor
