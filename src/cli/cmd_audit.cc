#include "cli/advice.h"
#include "cli/all_namespaces.h"
#include "cli/commands.h"
#include "cli/print_diff.h"
#include "cli/watch.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "render/json_report.h"
#include "render/text_report.h"
#include "rules/drop_in.h"

namespace advisor {
namespace {

/// The drop-in as it is proposed, for patch(1) or sysctl(8); nothing, with the reasons printed, if
/// the advice must not be carried out.
std::optional<FileChange> proposed_drop_in(Context& context, const Advice& advice) {
  const auto proposal = propose(context, advice);
  if (!proposal) {
    fail(proposal.error());
    return std::nullopt;
  }
  for (const std::string& warning : proposal->warnings) log_warning(warning);
  warn_of_left_out(proposal->left_out);
  for (const std::string& refusal : proposal->refusals) fail(refusal);
  if (!proposal->refusals.empty()) return std::nullopt;
  return proposal->plan.drop_in.value_or(FileChange{});
}

/// The advice as a drop-in that holds nothing else: each line under its reason.
std::string sysctl_fragment(Context& context, const Report& report) {
  const PlanningOutcome outcome = plan_changes(report, context.catalogue(), {});
  return outcome.changes.empty() ? "" : updated_drop_in("", outcome.changes, report);
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
  const auto drop_in = proposed_drop_in(context, advice);
  if (!drop_in) return ExitStatus::kTrouble;
  if (format == "diff") return print_diff(*drop_in, status);
  return print(sysctl_fragment(context, report), status);
}

/// `diff` is `audit` in the format of patch(1): there is something to see if the file changes.
ExitStatus run_diff(Context& context) {
  const auto advice = advise(context);
  if (!advice) return ExitStatus::kTrouble;
  const auto drop_in = proposed_drop_in(context, *advice);
  if (!drop_in) return ExitStatus::kTrouble;
  if (!drop_in->changes()) return ExitStatus::kNothing;
  return print_diff(*drop_in, ExitStatus::kSomething);
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
