#include "cli/advice.h"
#include "cli/all_namespaces.h"
#include "cli/commands.h"
#include "cli/print_diff.h"
#include "cli/watch.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "render/json_report.h"
#include "render/text_report.h"
#include "rules/boot_words.h"
#include "rules/drop_in.h"

namespace advisor {
namespace {

/// What is proposed for the drop-in; nothing, with the reasons printed, if the advice must not be
/// carried out. What no line of it sets is told on one line of stderr.
std::optional<Proposal> proposed_drop_in(Context& context, const Advice& advice) {
  auto proposal = propose(context, advice);
  if (!proposal) {
    fail(proposal.error());
    return std::nullopt;
  }
  for (const std::string& warning : proposal->warnings) log_warning(warning);
  warn_of_left_out(proposal->left_out);
  for (const std::string& refusal : proposal->refusals) fail(refusal);
  if (!proposal->refusals.empty()) return std::nullopt;
  if (!proposal->notes.empty()) log_warning(in_one_line(proposal->notes));
  return *std::move(proposal);
}

ExitStatus print_proposed_diff(const Proposal& proposal) {
  return print_diff(proposal.plan.drop_in.value_or(FileChange{}), status_of_diff(proposal));
}

/// The advice as a drop-in that holds nothing else: each line under its reason.
std::string sysctl_fragment(Context& context, const Report& report, const Proposal& proposal) {
  std::vector<Change> changes = plan_changes(report, context.catalogue(), {}).changes;
  std::erase_if(changes, [&](const Change& change) { return needs_no_line(proposal, change); });
  if (changes.empty()) return {};
  return as_loaded(context, report, updated_drop_in("", changes, report));
}

ExitStatus run_audit(Context& context) {
  if (!context.options().watch.empty()) return watch_audit(context);
  if (!context.options().count.empty()) return fail("--count says how often to --watch");
  if (context.options().netns == kAllNamespaces) return audit_all_namespaces(context);
  auto advised = advise(context);
  if (!advised) return ExitStatus::kTrouble;
  const Advice& advice = context.keep(*std::move(advised));
  const Report& report = advice.report;
  const ExitStatus status = status_of(report, context.options());
  const std::string& format = context.options().format;
  if (format == "json") return print(json_report(report).dump(), status);
  if (format == "text") return print(text_report(report, context.style()), status);
  const auto proposal = proposed_drop_in(context, advice);
  if (!proposal) return ExitStatus::kTrouble;
  if (format == "diff") return print_proposed_diff(*proposal);
  return print(sysctl_fragment(context, report, *proposal), status);
}

/// `diff` is `audit` in the format of patch(1).
ExitStatus run_diff(Context& context) {
  const auto advice = advise(context);
  if (!advice) return ExitStatus::kTrouble;
  const auto proposal = proposed_drop_in(context, *advice);
  if (!proposal) return ExitStatus::kTrouble;
  return print_proposed_diff(*proposal);
}

}  // namespace

const Command kAuditCommand{
    "audit",
    "what should change on this host, and why; changes nothing",
    "sysctl-advisor audit --profile outbound-service --interval 5s",
    "--profile --interval --format --only --skip --fail-on --netns --from --watch --count",
    "text,json,diff,sysctl",
    "",
    0,
    false,
    run_audit};

const Command kDiffCommand{"diff",
                           "the same advice as a unified diff of our file in sysctl.d",
                           "sysctl-advisor diff --profile web-server | sudo patch -p1 -d /",
                           "--profile --interval --only --skip --netns --from",
                           "",
                           "",
                           0,
                           false,
                           run_diff};

}  // namespace advisor
