#include "base/text.h"
#include "cli/advice.h"
#include "cli/all_namespaces.h"
#include "cli/commands.h"
#include "cli/host_summary.h"
#include "cli/print_diff.h"
#include "cli/version.h"
#include "cli/watch.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "plan/persistence_words.h"
#include "render/html_report.h"
#include "render/json_report.h"
#include "render/markdown_report.h"
#include "render/text_brief.h"
#include "render/text_pod.h"
#include "render/text_report.h"
#include "sysctld/drop_in.h"

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

ExitStatus print_proposed_diff(const Context& context, const Proposal& proposal) {
  return print_diff(context, proposal.plan.drop_in.value_or(FileChange{}),
                    status_of_diff(proposal));
}

/// The advice as a drop-in that holds nothing else: each line under its reason.
std::string sysctl_fragment(Context& context, const Report& report, const Proposal& proposal) {
  std::vector<Change> changes = plan_changes(report, context.catalogue(), {}).changes;
  std::erase_if(changes, [&](const Change& change) { return needs_no_line(proposal, change); });
  if (changes.empty()) return {};
  return as_loaded(context, report, updated_drop_in("", changes, report));
}

/// Of a container, or of another network namespace, the advice for whoever starts it.
std::string pod_text(Context& context, const Report& report, const TextStyle& style) {
  const bool is_inside = report.snapshot.host.container.value_or(false);
  if (!is_inside && context.request().netns.empty()) return "";
  return text_pod(report, context.catalogue(), style);
}

std::string report_text(Context& context, const Report& report) {
  const std::string next = wrapped(next_step(context, report), context.style().width, "");
  if (context.request().brief) return text_brief(report, context.style()) + next;
  return text_report(report, context.style(), pod_text(context, report, context.style())) + next;
}

ExitStatus print_report(Context& context, const Report& report) {
  const Format format = context.request().format;
  const ExitStatus status = status_of(report, context.request());
  if (format == Format::kJson) {
    return print_json(json_report(report, context.catalogue(), kVersion,
                                  context.request().detail.value_or(Detail::kAll)),
                      status);
  }
  if (format == Format::kText) return print(report_text(context, report), status);
  const PageExtras extras{kVersion, next_step(context, report), pod_text(context, report, {})};
  return print_document(
      format == Format::kHtml ? html_report(report, extras) : markdown_report(report, extras),
      status);
}

ExitStatus run_audit(Context& context) {
  if (context.request().watch) return watch_audit(context);
  if (context.request().netns == kAllNamespaces) return audit_all_namespaces(context);
  auto advice = advise(context);
  if (!advice) return end_without_audit(context);
  const Format format = context.request().format;
  if (format != Format::kDiff && format != Format::kSysctl) {
    add_boot_findings(context, *advice);
    return is_summary(format) ? print_summary(context, summarise(context, *advice),
                                              status_of(advice->report, context.request()))
                              : print_report(context, advice->report);
  }
  const auto proposal = proposed_drop_in(context, *advice);
  if (!proposal) return ExitStatus::kTrouble;
  if (format == Format::kDiff) return print_proposed_diff(context, *proposal);
  return print(sysctl_fragment(context, advice->report, *proposal),
               status_of(advice->report, context.request()));
}

}  // namespace

const Command kAuditCommand{
    .name = "audit",
    .summary = "what should change on this host, and why; changes nothing",
    .example = "sysctl-advisor audit --profile outbound-service --interval 5s",
    .flags =
        "--profile --interval --format --output --detail --only --skip --fail-on --boot --brief "
        "--anonymize --label --netns --from --watch --count",
    .formats = "text,json,jsonl,html,markdown,diff,sysctl,prometheus,openmetrics",
    .run = run_audit,
};

/// `diff` is `audit` in the format of patch(1).
const Command kDiffCommand{
    .name = "diff",
    .summary = "the same advice as a unified diff of our file in sysctl.d",
    .example = "sysctl-advisor diff --profile web-server | sudo patch -p1 -d /",
    .flags = "--profile --set --interval --only --skip --netns --from",
    .format = Format::kDiff,
    .run = run_audit,
};

}  // namespace advisor
