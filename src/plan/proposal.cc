#include "plan/proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "boot/forecast.h"
#include "model/kernel_version.h"
#include "model/side_writes.h"
#include "model/typed_value.h"
#include "plan/persistence.h"
#include "plan/persistence_words.h"
#include "sysctld/drop_in.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// Whether a remark is about a file that may hold lines which are read after ours.
bool may_come_after(const Diagnostic& remark) {
  return remark.where.line == 0 && may_come_after(remark.where.file, kDropInPath);
}

/// What a change resets, and a line of which would reset the change: the other form of a pair, or
/// another name of the same variable.
std::set<ParameterName> other_forms(const std::vector<Change>& set, const Catalogue& catalogue) {
  std::set<ParameterName> others;
  for (const Change& change : set) {
    const ParameterInfo* info = catalogue.find(change.parameter);
    if (info) others.insert(info->excludes.begin(), info->excludes.end());
    const auto names = other_names_of(change.parameter, catalogue);
    others.insert(names.begin(), names.end());
  }
  for (const Change& change : set) others.erase(change.parameter);
  return others;
}

BootStart start_of(const Report& report, const ProposalGround& ground) {
  return {ground.catalogue, KernelVersion::parse(report.snapshot.host.kernel),
          ground.standing_values};
}

/// Lines of ours that must go: they undercut a file, or pin what a boot does better.
std::set<ParameterName> lines_to_drop(const BootProspect& boot) {
  std::set<ParameterName> names;
  for (const CarriedOut& carried : boot.carried_out) {
    if (carried.at_boot.undercut) names.insert(carried.change.parameter);
  }
  for (const LeftToBoot& left : boot.left_to_boot) names.insert(left.change.parameter);
  return names;
}

/// What nobody can read may hold a line that beats ours.
void refuse_unproven(const Diagnostics& unread, Proposal& proposal) {
  for (const Diagnostic& failure : unread) {
    if (!may_come_after(failure)) continue;
    std::string refusal = failure.message +
                          ": what is set there at boot is unknown, so nothing can be persisted; "
                          "mend that, or use --runtime";
    auto& refusals = proposal.refusals;
    if (std::ranges::find(refusals, refusal) == refusals.end()) {
      refusals.push_back(std::move(refusal));
    }
  }
}

/// Looks at a boot with our drop-in: what keeps `set`, and what the files carry out, from standing
/// then.
void prove(const Report& report, const ProposalGround& ground, const std::vector<Change>& set,
           const PersistentSettings& proposed, BootProspect& boot, Proposal& proposal) {
  const BootStart start = start_of(report, ground);
  std::vector<Change> counting = set;
  for (const CarriedOut& carried : boot.carried_out) counting.push_back(carried.wanted());
  boot.beaten_by = beaten_lines(counting, proposed, start);
  boot.late = late_modules(counting, proposed, start);
  for (const Diagnostic& remark : proposed.remarks) {
    if (!may_come_after(remark)) continue;
    boot.unread.push_back(fmt::format("{}: {}", remark.where.file, remark.message));
  }
  if (ground.all_must_be_read) {
    refuse_unproven(ground.standing->unread, proposal);
    refuse_unproven(proposed.unread, proposal);
  }
  for (std::string& refusal : boot_refusals(boot)) proposal.refusals.push_back(std::move(refusal));
  for (std::string& refusal : lines_refused_at_boot(set, proposed, start)) {
    proposal.refusals.push_back(std::move(refusal));
  }
}

/// The drop-in that sets all of `set`, and what becomes of it at boot.
void persist(const Report& report, const ProposalGround& ground, const std::vector<Change>& set,
             BootProspect boot, Proposal& proposal) {
  FileChange drop_in{kDropInPath, ground.drop_in, ground.drop_in};
  std::set<ParameterName> without = lines_to_drop(boot);
  without.merge(other_forms(set, ground.catalogue));
  if (!set.empty() || (drop_in.before && !without.empty())) {
    const FileChange removed{kDropInPath, ground.drop_in, std::nullopt};
    drop_in.after = as_loaded(updated_drop_in(drop_in.before.value_or(""), set, report, without),
                              settings_of(with(ground.configuration, removed), ground.names),
                              start_of(report, ground));
  }
  const PersistentSettings proposed =
      settings_of(with(ground.configuration, drop_in), ground.names);
  boot.loader = proposed.at_boot;
  boot.loader_because = proposed.at_boot_because;
  if (!set.empty() || !boot.carried_out.empty()) {
    prove(report, ground, set, proposed, boot, proposal);
  }
  proposal.warnings = boot_warnings(boot);
  proposal.notes = boot_notes(boot, kDropInPath);
  proposal.boot = std::move(boot);
  if (drop_in.changes()) proposal.plan.drop_in = std::move(drop_in);
}

std::vector<OtherWriter> other_writers(const std::vector<Change>& set,
                                       const PersistentSettings& standing,
                                       const Catalogue& catalogue) {
  std::vector<OtherWriter> writers;
  for (const Change& change : set) {
    for (OtherSetting& other : standing.others_on(change.parameter)) {
      const bool agrees = other.value && same_value(catalogue.find(change.parameter),
                                                    ParameterValue(*other.value), change.after);
      writers.push_back({change.parameter, std::move(other), agrees});
    }
  }
  return writers;
}

/// The changes for which files hold what is asked for.
std::vector<CarriedOut> carried_out(const std::vector<Change>& changes, const Report& report) {
  std::map<ParameterName, const ValueAtBoot*> met;
  for (const Finding& finding : report.findings) {
    if (finding.verdict != Verdict::kViolated || finding.suppressed) continue;
    for (const Recommendation& wanted : finding.recommendations) {
      const auto& at_boot = wanted.at_boot;
      if (at_boot && at_boot->meets) met.emplace(wanted.parameter, &*at_boot);
    }
  }
  std::vector<CarriedOut> carried;
  for (const Change& change : changes) {
    const auto found = met.find(change.parameter);
    if (found != met.end()) carried.push_back({change, *found->second});
  }
  return carried;
}

template <typename Items>
void take_out(std::vector<Change>& set, const Items& items) {
  for (const auto& item : items) {
    std::erase_if(set, [&](const Change& c) { return c.parameter == item.change.parameter; });
  }
}

/// Takes out of `set` what needs no line of ours, and adds to it what has to be kept.
BootProspect look_at_boot(const Report& report, const ProposalGround& on,
                          std::vector<Change>& set) {
  const BootGround ground{on.profile, on.catalogue, on.suppressions, *on.standing, kDropInPath};
  BootProspect boot;
  std::vector<Change> lost = lost_at_boot(report, set, ground, on.policy);
  // What is closed now is closed to a boot as well: our line would have no effect.
  std::erase_if(
      lost, [&](const Change& one) { return on.is_settable && !on.is_settable(one.parameter); });
  boot.carried_out = carried_out(set, report);
  take_out(set, boot.carried_out);
  std::vector<Change> all = set;
  all.insert(all.end(), lost.begin(), lost.end());
  boot.left_to_boot = left_to_boot(report, all, ground, on.policy);
  take_out(set, boot.left_to_boot);
  take_out(lost, boot.left_to_boot);
  const BootRun run(*on.standing, start_of(report, on),
                    on.standing->at_boot.value_or(SysctlLoader::kSystemd));
  for (Change& change : lost) {
    set.push_back(change);
    const PersistentSetting* line = run.left(change.parameter).line;
    boot.kept.push_back({std::move(change), line ? std::optional(*line) : std::nullopt});
  }
  return boot;
}

}  // namespace

Proposal propose(const Report& report, const ProposalGround& ground) {
  PlanningOutcome outcome = plan_changes(report, ground.catalogue, ground.policy);
  Proposal proposal;
  proposal.refusals = std::move(outcome.refusals);
  proposal.left_out = std::move(outcome.left_out);
  for (const LeftOut& one : proposal.left_out) {
    if (ground.strict) proposal.refusals.push_back(in_words(one) + " (--strict)");
  }
  if (ground.policy.run_time) proposal.plan.changes = outcome.changes;
  for (std::string& why :
       why_impossible(proposal.plan.changes, ground.catalogue, ground.standing_values)) {
    proposal.refusals.push_back(std::move(why));
  }
  if (!ground.standing) return proposal;
  std::vector<Change> set = outcome.changes;
  if (ground.persists) {
    BootProspect boot = look_at_boot(report, ground, set);
    persist(report, ground, set, std::move(boot), proposal);
  }
  for (const Change& change : outcome.changes) {
    if (!change_of(set, change.parameter)) set.push_back(change);
  }
  for (const std::string& failure : ground.standing->others_unread) {
    proposal.warnings.push_back("what other programs set may not be known: " + failure);
  }
  proposal.others = other_writers(set, *ground.standing, ground.catalogue);
  for (const OtherWriter& other : proposal.others) {
    if (!other.agrees) proposal.warnings.push_back(warning_of(other));
  }
  return proposal;
}

std::string as_loaded(const std::string& text, const PersistentSettings& without_ours,
                      const BootStart& start) {
  const BootRun before(without_ours, start, without_ours.at_boot.value_or(SysctlLoader::kSystemd));
  return in_loadable_order(text, start.catalogue,
                           [&](const ParameterName& name) { return before.left(name).value; });
}

bool needs_no_line(const Proposal& proposal, const Change& change) {
  if (!proposal.boot) return false;
  const auto is_it = [&](const auto& one) { return one.change.parameter == change.parameter; };
  return std::ranges::any_of(proposal.boot->carried_out, is_it) ||
         std::ranges::any_of(proposal.boot->left_to_boot, is_it);
}

}  // namespace advisor
