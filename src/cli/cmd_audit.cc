#include "cli/advice.h"
#include "cli/commands.h"
#include "render/json_report.h"
#include "render/text_report.h"
#include "render/unified_diff.h"

namespace advisor {
namespace {

/// The advice as a drop-in that holds nothing else: each line under its reason.
std::string sysctl_fragment(Context& context, const Report& report) {
  const PlanningOutcome outcome = plan_changes(report, context.catalogue(), {});
  return outcome.changes.empty() ? "" : updated_drop_in("", outcome.changes, report);
}

ExitStatus run_audit(Context& context) {
  const auto report = advise(context);
  if (!report) return ExitStatus::kTrouble;
  const ExitStatus status = status_of(*report, context.options());
  const std::string& format = context.options().format;
  if (format == "json") return print(json_report(*report).dump(), status);
  if (format == "sysctl") return print(sysctl_fragment(context, *report), status);
  if (format == "diff") {
    const auto proposal = propose(context, *report);
    if (!proposal) return fail(proposal.error());
    const auto& drop_in = proposal->plan.drop_in;
    return print(drop_in ? unified_diff(*drop_in) : "", status);
  }
  return print(text_report(*report, context.style()), status);
}

/// `diff` is `audit` in the format of patch(1): there is something to see if the file changes.
ExitStatus run_diff(Context& context) {
  const auto report = advise(context);
  if (!report) return ExitStatus::kTrouble;
  const auto proposal = propose(context, *report);
  if (!proposal) return fail(proposal.error());
  const auto& drop_in = proposal->plan.drop_in;
  if (!drop_in) return ExitStatus::kNothing;
  return print(unified_diff(*drop_in), ExitStatus::kSomething);
}

}  // namespace

const Command kAuditCommand{"audit",
                            "what should change on this host, and why; changes nothing",
                            "sysctl-advisor audit --profile outbound-service --interval 5s",
                            "--profile --interval --format --only --skip --fail-on",
                            "text,json,diff,sysctl",
                            "",
                            0,
                            false,
                            run_audit};

const Command kDiffCommand{"diff",
                           "the same advice as a unified diff of our file in sysctl.d",
                           "sysctl-advisor diff --profile web-server | sudo patch -p1 -d /",
                           "--profile --interval --only --skip",
                           "",
                           "",
                           0,
                           false,
                           run_diff};

}  // namespace advisor
