#include "cli/advice.h"

#include <algorithm>

#include "apply/affected.h"
#include "apply/undo.h"
#include "base/text.h"
#include "boot/line_remarks.h"
#include "cli/host_reading.h"
#include "cli/surroundings.h"
#include "cli/transaction_session.h"
#include "collect/conf_files.h"
#include "os/host_identity.h"
#include "os/log.h"
#include "plan/boot_findings.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

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

/// The files of a host, as far as they are for the namespace that is meant.
struct HostFiles {
  Configuration configuration;
  std::optional<PersistentSettings> standing;
  std::optional<std::string> drop_in;
};

/// An Error if the drop-in that stands there cannot be read.
Result<HostFiles> files_of_host(Context& context) {
  HostFiles files;
  if (!context.request().netns.empty()) return files;
  files.configuration = read_configuration(context.host_files());
  files.standing = context.persistent_settings(files.configuration);
  auto drop_in = read_if_present(context.host_files(), kDropInPath);
  if (!drop_in) return drop_in.error();
  files.drop_in = *std::move(drop_in);
  return files;
}

/// `files` must outlive it.
ProposalGround proposal_ground(Context& context, const Advice& advice, const HostFiles& files) {
  const Request& request = context.request();
  return {
      .profile = advice.ground.profile,
      .catalogue = context.catalogue(),
      .suppressions = advice.ground.config.suppressions,
      .policy = {.allow_one_way = request.allow_one_way,
                 .run_time = !request.persist || request.runtime,
                 .code_allowed = advice.ground.config.code_allowed},
      .persists = !request.runtime || request.persist,
      .strict = request.strict,
      .all_must_be_read = context.live() && is_root(),
      .not_settable = not_settable_here(context, targets_of(advice.ground.profile)),
      .standing = files.standing ? &*files.standing : nullptr,
      .drop_in = files.drop_in,
      .configuration = files.configuration,
      .names = context.tree(),
      .standing_values = standing_values(context.tree()),
  };
}

/// That the next boot cannot be told, or not wholly; nothing if it can.
std::optional<Finding> unknown_of_boot(const Result<HostFiles>& files) {
  Finding finding;
  finding.rule = "boot";
  finding.title = "What the next boot makes of this host is not known";
  finding.verdict = Verdict::kUnknown;
  if (!files) finding.missing.push_back(files.error().message);
  for (const Diagnostic& unread : files ? files->standing->unread : Diagnostics()) {
    finding.missing.push_back(unread.message);
  }
  return finding.missing.empty() ? std::nullopt : std::optional(std::move(finding));
}

Finding boot_in_order() {
  Finding finding;
  finding.rule = "boot";
  finding.title = "A boot keeps what the profile needs, and carries out each line of the files";
  finding.verdict = Verdict::kSatisfied;
  return finding;
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
  const Samples samples = by_name || request.boot ? Samples::kOne : Samples::kByTheRequest;
  auto snapshot = read_host(context, parameters_of(profile), samples, std::move(counters));
  if (!snapshot) return std::nullopt;
  Report report = audit_here(context, *ground, *std::move(snapshot), diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  return Advice{std::move(*ground), std::move(report)};
}

std::string as_loaded(Context& context, const Report& report, const std::string& text) {
  const FileChange removed{kDropInPath, std::nullopt, std::nullopt};
  const PersistentSettings without_ours =
      settings_of(with(read_configuration(context.host_files()), removed), context.tree());
  return as_loaded(text, without_ours, boot_start(context, report.snapshot));
}

Result<Proposal> propose(Context& context, const Advice& advice) {
  const auto files = files_of_host(context);
  if (!files) return files.error();
  Proposal proposal = propose(advice.report, proposal_ground(context, advice, *files));
  look_ahead(context, proposal);
  return proposal;
}

void add_boot_findings(Context& context, Advice& advice) {
  Report& report = advice.report;
  const Request& request = context.request();
  if (!request.netns.empty()) return;
  const auto files = files_of_host(context);
  std::vector<Finding> findings;
  if (files) {
    const Proposal proposal = propose(report, proposal_ground(context, advice, *files));
    const BootStart start = boot_start(context, report.snapshot);
    const std::vector<BootRun> boots = boots_of(*files->standing, start);
    name_lines(report, advice.ground.profile, boots, context.catalogue());
    // Whoever picks findings is not told of every line.
    const bool all = request.boot || request.only.empty();
    findings = boot_findings(
        report, proposal,
        all ? remarks_on_lines(*files->standing, boots, start) : std::vector<LineRemark>(),
        context.catalogue(), advice.ground.config.suppressions);
  }
  if (auto unknown = unknown_of_boot(files)) findings.push_back(*std::move(unknown));
  if (request.boot && findings.empty()) findings.push_back(boot_in_order());
  std::erase_if(findings, [&](const Finding& finding) {
    return std::ranges::any_of(request.skip, [&](const std::string& pattern) {
      return matches_glob(pattern, finding.rule);
    });
  });
  if (request.boot) report.findings.clear();
  std::ranges::move(findings, std::back_inserter(report.findings));
  put_worst_first(report.findings);
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
