#include "cli/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apply/affected.h"
#include "apply/undo.h"
#include "cli/host_reading.h"
#include "cli/surroundings.h"
#include "cli/transaction_session.h"
#include "collect/conf_files.h"
#include "model/typed_value.h"
#include "os/host_identity.h"
#include "os/log.h"
#include "rules/boot.h"
#include "rules/boot_forecast.h"
#include "rules/boot_order.h"
#include "rules/boot_words.h"
#include "rules/drop_in.h"
#include "rules/side_writes.h"

namespace advisor {
namespace {

/// Whether a remark is about a file that may hold lines which are read after ours.
bool may_come_after(const Diagnostic& remark) {
  const std::string_view ours = kDropInPath;
  const auto name_of = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  const std::string_view path = remark.where.file;
  if (remark.where.line != 0) return false;
  return path == "/etc/sysctl.conf" || !path.ends_with(".conf") || name_of(path) > name_of(ours);
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

BootStart boot_start(Context& context, const Report& report) {
  return {context.catalogue(), KernelVersion::parse(report.snapshot.host.kernel),
          standing_values(context.tree())};
}

/// Our lines in an order of which the kernel takes each, loaded behind those of all other files.
std::string loadable(const std::string& text, const PersistentSettings& standing,
                     const BootStart& start) {
  const LoadedValues before =
      load_files(standing, parameters_in(text), start,
                 standing.at_boot.value_or(SysctlLoader::kSystemd), kDropInPath);
  return in_loadable_order(text, start.catalogue, [&](const ParameterName& name) {
    const auto value = before.values.find(name);
    return value == before.values.end() ? std::nullopt : std::optional(value->second);
  });
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

/// What root cannot read either may hold a line that beats ours.
void refuse_unproven(Context& context, const Diagnostics& unread, const std::vector<Change>& set,
                     Proposal& proposal) {
  if (set.empty() || !context.live() || !is_root()) return;
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

/// The drop-in that sets all of `set`, and what becomes of it at boot.
Status persist(Context& context, const Report& report, const PersistentSettings& standing,
               const std::vector<Change>& set, BootProspect boot, Proposal& proposal) {
  const auto before = read_if_present(context.host_files(), kDropInPath);
  if (!before) return before.error();
  FileChange drop_in{kDropInPath, *before, *before};
  const BootStart start = boot_start(context, report);
  std::set<ParameterName> without = lines_to_drop(boot);
  without.merge(other_forms(set, context.catalogue()));
  if (!set.empty() || (*before && !without.empty())) {
    drop_in.after =
        loadable(updated_drop_in(before->value_or(""), set, report, without), standing, start);
  }
  const PersistentSettings proposed =
      read_persistent_settings(context.host_files(), context.tree(), drop_in);
  boot.loader = proposed.at_boot;
  boot.loader_because = proposed.at_boot_because;
  std::vector<Change> counting = set;
  for (const CarriedOut& carried : boot.carried_out) counting.push_back(carried.wanted());
  boot.beaten_by = beaten_lines(counting, proposed, context.catalogue());
  for (const Diagnostic& remark : proposed.remarks) {
    if (counting.empty() || !may_come_after(remark)) continue;
    boot.unread.push_back(fmt::format("{}: {}", remark.where.file, remark.message));
  }
  for (const Diagnostics& failures : {standing.unread, proposed.unread}) {
    refuse_unproven(context, failures, counting, proposal);
  }
  for (std::string& refusal : boot_refusals(boot)) proposal.refusals.push_back(std::move(refusal));
  for (std::string& refusal : refused_at_boot(set, proposed, start)) {
    proposal.refusals.push_back(std::move(refusal));
  }
  proposal.warnings = boot_warnings(boot);
  proposal.notes = boot_notes(boot, context.catalogue(), kDropInPath);
  proposal.boot = std::move(boot);
  if (drop_in.changes()) proposal.plan.drop_in = std::move(drop_in);
  return {};
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

std::string warning_of(const OtherWriter& other) {
  return in_words(other.setting, other.parameter) + ", and may set it again";
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

std::set<ParameterName> parameters_of(const std::vector<Change>& changes) {
  std::set<ParameterName> parameters;
  for (const Change& change : changes) parameters.insert(change.parameter);
  return parameters;
}

/// What no line of ours has to set, taken out of `set`; and what has to be kept, added to it.
BootProspect look_at_boot(Context& context, const Advice& advice, const BootGround& ground,
                          const PlanPolicy& policy, std::vector<Change>& set) {
  BootProspect boot;
  std::vector<Change> lost = lost_at_boot(advice.report, set, ground, policy);
  // A boot finds it as closed as it is now: our line would count for nothing.
  const NotSettable closed = not_settable_here(context, parameters_of(lost));
  std::erase_if(lost, [&](const Change& one) { return closed.contains(one.parameter); });
  boot.carried_out = carried_out(set, advice.report);
  take_out(set, boot.carried_out);
  std::vector<Change> all = set;
  all.insert(all.end(), lost.begin(), lost.end());
  boot.left_to_boot = left_to_boot(advice.report, all, ground, policy);
  take_out(set, boot.left_to_boot);
  take_out(lost, boot.left_to_boot);
  const BootLines lines(ground.standing, ground.catalogue);
  for (Change& change : lost) {
    set.push_back(change);
    const bool by_file = !lines.that_write(change.parameter).empty();
    boot.kept.push_back({std::move(change), by_file});
  }
  return boot;
}

/// What may move along with the changes.
void look_ahead(Context& context, Proposal& proposal) {
  if (!context.live() || !is_root()) return;
  const auto world = looking_world(context);
  if (!world) return;
  auto affected = read_affected(*world, proposal.plan);
  if (affected) proposal.plan.affected = std::move(*affected);
  if (!affected) proposal.refusals.push_back(affected.error().message);
}

/// Once to see what is asked for; where anything is, once more with what counts then.
Report audit_here(Context& context, const Ground& ground, Snapshot snapshot,
                  Diagnostics& diagnostics) {
  const auto judged = [&](Snapshot judged_on, const Surroundings& around, Diagnostics& said) {
    return audit(ground.profile, context.catalogue(), std::move(judged_on),
                 ground.config.suppressions, said, around);
  };
  Diagnostics said;
  Report report = judged(std::move(snapshot), {}, said);
  const std::set<ParameterName> asked = asked_for(report);
  if (!asked.empty()) {
    said.clear();
    const Surroundings around = surroundings_of(context, asked, report.snapshot);
    report = judged(std::move(report.snapshot), around, said);
  }
  diagnostics.insert(diagnostics.end(), said.begin(), said.end());
  return report;
}

}  // namespace

std::optional<Ground> read_ground(Context& context, Diagnostics& diagnostics) {
  // Otherwise each demand would have to say so.
  if (const Status there = context.tree().check_there(); !there) {
    fail(there.error());
    return std::nullopt;
  }
  std::vector<std::string> names = context.request().profiles;
  if (names.empty()) names.emplace_back(kDefaultProfile);
  EffectiveProfile profile =
      resolve_profiles(names, context.profiles(), context.parameters(), diagnostics);
  auto config = context.config(diagnostics);
  if (config && !has_errors(diagnostics)) return Ground{std::move(profile), std::move(*config)};
  show(diagnostics);
  return std::nullopt;
}

std::optional<Advice> advise(Context& context, std::optional<Counters> counters) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  auto ground = read_ground(context, diagnostics);
  if (!ground) return std::nullopt;
  EffectiveProfile& profile = ground->profile;
  select_rules(profile, request.only, request.skip);
  auto snapshot =
      read_host(context, parameters_of(profile), Samples::kByTheRequest, std::move(counters));
  if (!snapshot) return std::nullopt;
  Report report = audit_here(context, *ground, *std::move(snapshot), diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  return Advice{std::move(*ground), std::move(report)};
}

std::string as_loaded(Context& context, const Report& report, const std::string& text) {
  return loadable(text, context.persistent_settings(), boot_start(context, report));
}

Result<Proposal> propose(Context& context, const Advice& advice) {
  const Request& request = context.request();
  const bool run_time = !request.persist || request.runtime;
  const PlanPolicy policy{.allow_one_way = request.allow_one_way,
                          .run_time = run_time,
                          .code_allowed = advice.ground.config.code_allowed};
  PlanningOutcome outcome = plan_changes(advice.report, context.catalogue(), policy);
  Proposal proposal;
  proposal.refusals = std::move(outcome.refusals);
  proposal.left_out = std::move(outcome.left_out);
  for (const LeftOut& one : proposal.left_out) {
    if (request.strict) proposal.refusals.push_back(in_words(one) + " (--strict)");
  }
  if (run_time) proposal.plan.changes = outcome.changes;
  look_ahead(context, proposal);
  for (std::string& why : why_impossible(proposal.plan.changes, context.catalogue(),
                                         standing_values(context.tree()))) {
    proposal.refusals.push_back(std::move(why));
  }
  // What the files of the host say is not for that namespace.
  if (!request.netns.empty()) return proposal;
  const PersistentSettings standing = context.persistent_settings();
  std::vector<Change> set = outcome.changes;
  if (!request.runtime || request.persist) {
    const BootGround ground{advice.ground.profile, context.catalogue(),
                            advice.ground.config.suppressions, standing, kDropInPath};
    BootProspect boot = look_at_boot(context, advice, ground, policy, set);
    const Status done = persist(context, advice.report, standing, set, std::move(boot), proposal);
    if (!done) return done.error();
  }
  for (const Change& change : outcome.changes) {
    if (!change_of(set, change.parameter)) set.push_back(change);
  }
  for (const std::string& failure : standing.others_unread) {
    proposal.warnings.push_back("what other programs set may not be known: " + failure);
  }
  proposal.others = other_writers(set, standing, context.catalogue());
  for (const OtherWriter& other : proposal.others) {
    if (!other.agrees) proposal.warnings.push_back(warning_of(other));
  }
  return proposal;
}

void warn_of_left_out(const std::vector<LeftOut>& left_out) {
  for (const LeftOut& one : left_out) log_warning("left out: " + in_words(one));
}

bool needs_no_line(const Proposal& proposal, const Change& change) {
  if (!proposal.boot) return false;
  const auto is_it = [&](const auto& one) { return one.change.parameter == change.parameter; };
  return std::ranges::any_of(proposal.boot->carried_out, is_it) ||
         std::ranges::any_of(proposal.boot->left_to_boot, is_it);
}

ExitStatus status_of_diff(const Proposal& proposal) {
  const bool changes = proposal.plan.drop_in && proposal.plan.drop_in->changes();
  return changes || !proposal.notes.empty() ? ExitStatus::kSomething : ExitStatus::kNothing;
}

ExitStatus status_of(const Report& report, const Request& request) {
  const auto least = request.fail_on;
  const bool something =
      std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
        return least && finding.asks() && finding.severity >= *least;
      });
  return something ? ExitStatus::kSomething : ExitStatus::kNothing;
}

}  // namespace advisor
