#include "cli/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "apply/affected.h"
#include "apply/undo.h"
#include "base/shell.h"
#include "base/text.h"
#include "boot/line_remarks.h"
#include "cli/chosen_rules.h"
#include "cli/surroundings.h"
#include "cli/transaction_session.h"
#include "collect/conf_files.h"
#include "collect/redaction.h"
#include "os/host_identity.h"
#include "os/log.h"
#include "plan/boot_findings.h"
#include "rules/repeated_advice.h"
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

/// The files of the host, if they are for the namespace that is meant.
std::optional<BootFiles> files_that_count(Context& context) {
  if (!context.request().netns.empty()) return std::nullopt;
  return context.read_boot_files();
}

/// Audits once to see what is asked for; if anything is, once more with what counts for it, if
/// there is such a thing.
Advice audit_here(Context& context, Ground ground, Snapshot snapshot, Diagnostics& diagnostics) {
  const auto judged = [&](Snapshot judged_on, const Surroundings& around, Diagnostics& said) {
    return audit(ground.profile, context.catalogue(), std::move(judged_on),
                 ground.config.suppressions, said, around);
  };
  Diagnostics said;
  Report report = judged(std::move(snapshot), {}, said);
  const std::set<ParameterName> asked = asked_for(report);
  std::optional<BootFiles> files;
  if (!asked.empty()) {
    files = files_that_count(context);
    const Surroundings around =
        surroundings_of(context, asked, files ? &*files : nullptr, report.snapshot);
    if (!around.not_settable.empty() || !around.at_boot.empty()) {
      said.clear();
      report = judged(std::move(report.snapshot), around, said);
    }
  }
  diagnostics.insert(diagnostics.end(), said.begin(), said.end());
  return {std::move(ground), std::move(report), std::move(files)};
}

/// By what the files make of the next boot; null: they do not count. An Error if the drop-in that
/// stands there cannot be read.
Result<Proposal> propose(Context& context, const Advice& advice, const BootFiles* files) {
  const Request& request = context.request();
  Result<std::optional<std::string>> drop_in = std::optional<std::string>();
  if (files) drop_in = read_if_present(context.host_files(), kDropInPath);
  if (!drop_in) return drop_in.error();
  const ProposalGround ground{
      .profile = advice.ground.profile,
      .catalogue = context.catalogue(),
      .suppressions = advice.ground.config.suppressions,
      .policy = {.allow_one_way = request.allow_one_way,
                 .run_time = !request.persist || request.runtime,
                 .code_allowed = advice.ground.config.code_allowed},
      .persists = !request.runtime || request.persist,
      .strict = request.strict,
      .all_must_be_read = context.live() && is_root(),
      .is_settable = [&](const ParameterName& name) { return !why_not_settable(context, name); },
      .standing = files ? &files->standing : nullptr,
      .drop_in = *std::move(drop_in),
      .configuration = files ? files->configuration : Configuration(),
      .names = context.tree(),
      .standing_values = remembered(standing_values(context.tree())),
  };
  return propose(advice.report, ground);
}

/// That the next boot cannot be told, or not wholly; nothing if it can.
std::optional<Finding> unknown_of_boot(const Result<Proposal>& proposal,
                                       const PersistentSettings& standing) {
  Finding finding;
  finding.rule = SharedText::lasting(kBoot);
  finding.title = "What the next boot makes of this host is not known";
  finding.verdict = Verdict::kUnknown;
  if (!proposal) finding.missing.push_back(proposal.error().message);
  for (const Diagnostic& unread : standing.unread) finding.missing.push_back(unread.message);
  return finding.missing.empty() ? std::nullopt : std::optional(std::move(finding));
}

Finding boot_in_order() {
  Finding finding;
  finding.rule = SharedText::lasting(kBoot);
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
  if (config) {
    check_suppressions(context, profile, known, config->suppressions, diagnostics);
  }
  if (config && !has_errors(diagnostics)) return Ground{std::move(profile), std::move(*config)};
  show(diagnostics);
  return std::nullopt;
}

std::optional<Advice> advise(Context& context, EarlierReadings earlier) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  auto ground = read_ground(context, diagnostics);
  if (!ground) return std::nullopt;
  EffectiveProfile& profile = ground->profile;
  if (!select_chosen(request, profile)) return std::nullopt;
  // Values that are asked for by name need no rates.
  const bool by_name = request.profiles.empty() && !request.to_set.empty();
  const Samples samples = by_name || request.boot ? Samples::kOne : Samples::kByTheRequest;
  std::set<ParameterName> wanted = parameters_of(profile);
  wanted.insert(*ParameterName::parse(kBootId));  // so that reports can be told apart
  auto snapshot = read_host(context, wanted, samples, std::move(earlier));
  if (!snapshot) return std::nullopt;
  if (request.anonymize) anonymize(*snapshot);  // before anything is said of it
  Advice advice = audit_here(context, *std::move(ground), *std::move(snapshot), diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  join_families(advice.report.findings, advice.ground.profile);
  return advice;
}

std::optional<Advice> only_these(Context& context, const Advice& advice,
                                 const std::vector<std::string>& ids) {
  Ground ground = advice.ground;
  Request narrower = context.request();
  narrower.only = ids;
  narrower.skip.clear();
  if (!select_chosen(narrower, ground.profile)) return std::nullopt;
  Diagnostics diagnostics;
  Advice narrowed = audit_here(context, std::move(ground), advice.report.snapshot, diagnostics);
  show(diagnostics);
  if (has_errors(diagnostics)) return std::nullopt;
  join_families(narrowed.report.findings, narrowed.ground.profile);
  return narrowed;
}

std::string as_loaded(Context& context, const Report& report, const std::string& text) {
  const FileChange removed{kDropInPath, std::nullopt, std::nullopt};
  const PersistentSettings without_ours =
      settings_of(with(read_configuration(context.host_files()), removed), context.tree());
  return as_loaded(text, without_ours, boot_start(context, report.snapshot.host.kernel));
}

Result<Proposal> propose(Context& context, const Advice& advice) {
  const auto files = files_that_count(context);
  auto proposal = propose(context, advice, files ? &*files : nullptr);
  if (proposal) look_ahead(context, *proposal);
  return proposal;
}

void add_boot_findings(Context& context, Advice& advice) {
  Report& report = advice.report;
  const Request& request = context.request();
  if (!request.netns.empty()) return;
  if (!advice.files) advice.files = context.read_boot_files();
  const PersistentSettings& standing = advice.files->standing;
  const auto proposal = propose(context, advice, &*advice.files);
  std::vector<Finding> findings;
  if (proposal) {
    const BootStart start = boot_start(context, report.snapshot.host.kernel);
    const std::vector<BootRun> boots = boots_of(standing, start);
    name_lines(report, advice.ground.profile, boots, context.catalogue());
    name_other_writers(report, proposal->others);
    // Whoever picks findings is not told of every line.
    const bool all = request.boot || request.only.empty();
    const auto remarks = remarks_on_lines(standing, boots, start);
    findings = boot_findings(report, *proposal, all ? remarks : std::vector<LineRemark>(),
                             context.catalogue(), advice.ground.config.suppressions);
    if (standing.unread.empty()) {
      report.boot = boot_outlook(findings, remarks, advice.ground.config.suppressions);
    }
  }
  if (auto unknown = unknown_of_boot(proposal, standing)) findings.push_back(*std::move(unknown));
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

std::string next_step(Context& context, const Report& report) {
  if (!context.live()) return "";
  bool asks = false, advises = false, is_of_boot = false;
  for (const Finding& finding : report.findings) {
    if (!finding.asks()) continue;
    asks = true;
    advises = advises || !finding.recommendations.empty();
    is_of_boot = is_of_boot || finding.rule.view().starts_with(kBootPrefix);
  }
  // What is to be done about the next boot its findings say themselves.
  if (!asks || (is_of_boot && !advises)) return "";
  if (!advises) return "next: no parameter has to change; the findings say what else helps";
  const Request& request = context.request();
  std::string command = std::string(is_root() ? "" : "sudo ") + "sysctl-advisor apply";
  const auto add = [&](const char* flag, const std::vector<std::string>& values) {
    for (const std::string& value : values)
      command += fmt::format(" {} {}", flag, shell_word(value));
  };
  add("--profile", request.profiles);
  add("--only", request.only);
  add("--skip", request.skip);
  command += netns_option(request.netns);
  return fmt::format("next: `{}` shows each change and asks before it makes any", command);
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
