#include "cli/advice.h"

#include <algorithm>

#include "apply/affected.h"
#include "apply/undo.h"
#include "boot/loading.h"
#include "cli/host_reading.h"
#include "cli/surroundings.h"
#include "cli/transaction_session.h"
#include "collect/conf_files.h"
#include "os/host_identity.h"
#include "os/log.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

BootStart boot_start(Context& context, const Report& report) {
  return {context.catalogue(), KernelVersion::parse(report.snapshot.host.kernel),
          standing_values(context.tree())};
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

/// Audits once to see what is asked for; if anything is, once more with what counts for it.
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
  // A missing tree is told here once, instead of by each demand.
  if (const Status there = context.tree().check_there(); !there) {
    fail(there.error());
    return std::nullopt;
  }
  const Request& request = context.request();
  std::vector<std::string> names = request.profiles;
  if (names.empty() && request.to_set.empty()) names.emplace_back(kDefaultProfile);
  const ParameterKnowledge known = context.parameters();
  EffectiveProfile profile = resolve_profiles(names, context.profiles(), known, diagnostics);
  add_key_values(request.to_set, known, profile, diagnostics);
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
  // Values that are asked for by name need no rates.
  const bool by_name = request.profiles.empty() && !request.to_set.empty();
  const Samples samples = by_name ? Samples::kOne : Samples::kByTheRequest;
  auto snapshot = read_host(context, parameters_of(profile), samples, std::move(counters));
  if (!snapshot) return std::nullopt;
  Report report = audit_here(context, *ground, *std::move(snapshot), diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  return Advice{std::move(*ground), std::move(report)};
}

std::string as_loaded(Context& context, const Report& report, const std::string& text) {
  const PersistentSettings standing =
      context.persistent_settings(read_configuration(context.host_files()));
  return as_loaded(text, standing, boot_start(context, report));
}

Result<Proposal> propose(Context& context, const Advice& advice) {
  const Request& request = context.request();
  const Report& report = advice.report;
  // What the files of the host say is not for another namespace.
  Configuration configuration;
  std::optional<PersistentSettings> standing;
  Result<std::optional<std::string>> drop_in{std::nullopt};
  if (request.netns.empty()) {
    configuration = read_configuration(context.host_files());
    standing = context.persistent_settings(configuration);
    drop_in = read_if_present(context.host_files(), kDropInPath);
  }
  if (!drop_in) return drop_in.error();
  const bool run_time = !request.persist || request.runtime;
  const ProposalGround ground{
      .profile = advice.ground.profile,
      .catalogue = context.catalogue(),
      .suppressions = advice.ground.config.suppressions,
      .policy = {.allow_one_way = request.allow_one_way,
                 .run_time = run_time,
                 .code_allowed = advice.ground.config.code_allowed},
      .persists = !request.runtime || request.persist,
      .strict = request.strict,
      .all_must_be_read = context.live() && is_root(),
      .not_settable = not_settable_here(context, targets_of(advice.ground.profile)),
      .standing = standing ? &*standing : nullptr,
      .drop_in = *drop_in,
      .configuration = std::move(configuration),
      .names = context.tree(),
      .standing_values = standing_values(context.tree()),
  };
  Proposal proposal = propose(report, ground);
  look_ahead(context, proposal);
  return proposal;
}

void warn_of_left_out(const std::vector<LeftOut>& left_out) {
  for (const LeftOut& one : left_out) log_warning("left out: " + in_words(one));
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
