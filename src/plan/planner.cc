#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/side_effects.h"
#include "model/typed_value.h"
#include "model/write.h"
#include "model/write_order.h"

namespace advisor {
namespace {

/// What the findings of a report ask for.
struct Demanded {
  std::vector<Change> changes;  ///< each parameter once, as they are mentioned
  Requirements required;
};

void add(const Finding& finding, Demanded& demanded, std::set<ParameterName>& known) {
  std::set<ParameterName> required;
  for (const Recommendation& wanted : finding.recommendations) {
    if (known.insert(wanted.parameter).second) {
      demanded.changes.push_back({wanted.parameter, wanted.now, wanted.advised, finding.rule});
    }
    if (wanted.required) {
      required.insert(wanted.parameter);
    } else {
      demanded.required[wanted.parameter].insert(required.begin(), required.end());
    }
  }
}

Demanded demanded_by(const Report& report) {
  Demanded demanded;
  std::set<ParameterName> known;
  for (const Finding& finding : report.findings) {
    if (finding.verdict == Verdict::kViolated && !finding.suppressed) {
      add(finding, demanded, known);
    }
  }
  return demanded;
}

/// The kernel takes too few numbers as well, and leaves the others as they are.
bool lacks_numbers(const Change& change) {
  const auto& before = change.before.words();
  const bool numbers = std::ranges::all_of(
      before, [](const std::string& word) { return parse_kernel_integer(word).has_value(); });
  return numbers && before.size() > 1 && before.size() != change.after.words().size();
}

/// Why the parameter cannot be changed, or the change could not be taken back.
std::optional<std::string> why_impossible(const ParameterInfo& info, const Change& change,
                                          const PlanPolicy& policy) {
  const std::string_view name = info.name.dotted();
  if (info.access == ParameterAccess::kWriteOnly) {
    return fmt::format(
        "{} can only be written: what stands there cannot be read, and so not be "
        "put back",
        name);
  }
  if (info.access == ParameterAccess::kReadOnly) {
    return fmt::format("{} is only to be read: nobody can change it", name);
  }
  if (policy.run_time && is_one_way(info, change.before)) {
    return fmt::format(
        "{} is {}, and the kernel takes nothing else before the next boot; "
        "--persist alone sets it for that",
        name, change.before.text());
  }
  if (is_one_way(info, change.after) && !policy.allow_one_way) {
    return fmt::format(
        "{} = {} cannot be taken back before the next boot; --allow-one-way sets it "
        "all the same",
        name, change.after.text());
  }
  return std::nullopt;
}

std::optional<std::string> why_refused(const Change& change, const Catalogue& catalogue,
                                       const PlanPolicy& policy) {
  const std::string_view name = change.parameter.dotted();
  const ParameterInfo* info = catalogue.find(change.parameter);
  if (!info && lacks_numbers(change)) {
    return fmt::format("{} = {}: it has {} numbers, and the kernel would leave out some of them",
                       name, change.after.text(), change.before.words().size());
  }
  if (!info) return std::nullopt;
  if (info->runs_code && !policy.code_allowed.contains(change.parameter)) {
    return fmt::format(
        "{} says what code the kernel runs as root; no profile may set it, "
        "unless [[allow]] in /etc/sysctl-advisor/config.toml names it",
        name);
  }
  if (const auto why = why_impossible(*info, change, policy)) return why;
  if (const auto why = why_not_taken(*info, std::nullopt, change.after)) {
    return fmt::format("{} = {}: {}", name, change.after.text(), *why);
  }
  return std::nullopt;
}

/// Why a profile must not ask for a parameter, even one that is left out here.
std::optional<std::string> why_forbidden(const LeftOut& left_out, const Catalogue& catalogue,
                                         PlanPolicy policy) {
  const ParameterInfo* info = catalogue.find(left_out.parameter);
  if (!left_out.advised || (info && info->access != ParameterAccess::kReadWrite)) {
    return std::nullopt;
  }
  policy.run_time = false;  // what stands is not touched
  return why_refused({left_out.parameter, *left_out.now, *left_out.advised, left_out.because},
                     catalogue, policy);
}

/// A form that is to be 0 becomes 0 when the other one is set, and the kernel takes no 0 for it.
void leave_out_inactive(std::vector<Change>& changes, const Catalogue& catalogue) {
  const std::vector<Change> all = changes;
  std::erase_if(changes, [&](const Change& change) {
    return change.after.text() == "0" && std::ranges::any_of(all, [&](const Change& other) {
             return other.after.text() != "0" &&
                    exclude_each_other(catalogue, change.parameter, other.parameter);
           });
  });
}

/// Of what excludes each other only one can be set.
void refuse_both_forms(const std::vector<Change>& changes, const Catalogue& catalogue,
                       std::vector<std::string>& refusals) {
  for (size_t i = 0; i < changes.size(); ++i) {
    for (size_t k = i + 1; k < changes.size(); ++k) {
      const ParameterName& a = changes[i].parameter;
      const ParameterName& b = changes[k].parameter;
      if (!exclude_each_other(catalogue, a, b)) continue;
      refusals.push_back(
          fmt::format("{} and {} are two forms of one setting: setting one makes "
                      "the other one 0, so they cannot be {} and {}",
                      a.dotted(), b.dotted(), changes[i].after.text(), changes[k].after.text()));
    }
  }
}

/// What the findings that ask for something have to leave out.
std::vector<LeftOut> left_out_of(const Report& report) {
  std::vector<LeftOut> left_out;
  std::set<ParameterName> known;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed || finding.verdict == Verdict::kUnknown) continue;
    for (const LeftOut& one : finding.left_out) {
      if (known.insert(one.parameter).second) left_out.push_back(one);
    }
  }
  return left_out;
}

}  // namespace

PlanningOutcome plan_changes(const Report& report, const Catalogue& catalogue,
                             const PlanPolicy& policy) {
  PlanningOutcome outcome;
  Demanded demanded = demanded_by(report);
  leave_out_inactive(demanded.changes, catalogue);
  outcome.changes = ordered(demanded.changes, catalogue, demanded.required);
  outcome.left_out = left_out_of(report);
  outcome.refusals = report.objections;
  for (const Change& change : outcome.changes) {
    if (const auto why = why_refused(change, catalogue, policy)) outcome.refusals.push_back(*why);
  }
  for (const LeftOut& one : outcome.left_out) {
    if (const auto why = why_forbidden(one, catalogue, policy)) outcome.refusals.push_back(*why);
  }
  refuse_both_forms(outcome.changes, catalogue, outcome.refusals);
  // An unknown rule asks for nothing. A plain target is asked for on every host: if it is
  // unknown, the plan is refused.
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    if (finding.verdict == Verdict::kUnknown && finding.is_target()) {
      outcome.refusals.push_back(fmt::format("{}: {}: {}", to_text(finding.where), finding.rule,
                                             join(finding.missing, "; ")));
    }
  }
  return outcome;
}

}  // namespace advisor
