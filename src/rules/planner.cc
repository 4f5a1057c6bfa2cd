#include "rules/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

constexpr const char* kDropInHead =
    "# Written by sysctl-advisor; `sysctl-advisor rollback` takes it back.\n";

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

std::optional<ParameterName> assigned_parameter(std::string_view line) {
  line = trim(line);
  const size_t equals = line.find('=');
  if (line.empty() || line[0] == '#' || line[0] == ';' || equals == std::string_view::npos) {
    return std::nullopt;
  }
  if (line[0] == '-') return ParameterName::parse(trim(line.substr(1, equals - 1)));
  return ParameterName::parse(trim(line.substr(0, equals)));
}

std::string reason_line(const Change& change, const Report& report) {
  for (const Finding& finding : report.findings) {
    if (finding.rule == change.because) {
      // On one line whatever the profile says: the next one would be a setting of its own.
      return fmt::format("# {}: {}\n", join(split_words(finding.rule), "-"),
                         join(split_words(finding.title), " "));
    }
  }
  return {};
}

/// Without the reason that we wrote above the line that comes next ("# <rule>: ...").
void drop_reason(std::string& text) {
  const size_t line = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  const std::string_view last = std::string_view(text).substr(line);
  const size_t colon = last.find(": ");
  const bool ours = last.starts_with("# ") && colon != std::string_view::npos &&
                    last.substr(2, colon - 2).find(' ') == std::string_view::npos;
  if (ours) text.resize(line);
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

std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report) {
  std::map<ParameterName, const Change*> pending;
  for (const Change& change : changes) pending[change.parameter] = &change;
  std::set<ParameterName> written;
  std::string updated;
  for (const std::string_view line : split_lines(text)) {
    const auto assigned = assigned_parameter(line);
    // The last line wins at boot, so one that comes again must not stay.
    if (assigned && written.contains(*assigned)) continue;
    const auto change = assigned ? pending.find(*assigned) : pending.end();
    if (change == pending.end()) {
      updated += fmt::format("{}\n", line);
      continue;
    }
    drop_reason(updated);
    updated += fmt::format("{}{} = {}\n", reason_line(*change->second, report),
                           change->first.dotted(), change->second->after.text());
    written.insert(change->first);
    pending.erase(change);
  }
  if (updated.empty()) updated = kDropInHead;
  for (const Change& change : changes) {
    if (!pending.contains(change.parameter)) continue;
    updated += fmt::format("\n{}{} = {}\n", reason_line(change, report), change.parameter.dotted(),
                           change.after.text());
  }
  return updated;
}

}  // namespace advisor
