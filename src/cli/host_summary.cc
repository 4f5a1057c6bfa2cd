#include "cli/host_summary.h"

#include "cli/transaction_status.h"
#include "cli/version.h"
#include "collect/collector.h"
#include "collect/redaction.h"
#include "os/host_identity.h"
#include "os/network_namespace.h"
#include "render/host_line.h"
#include "render/metrics.h"
#include "rules/host_summary.h"

namespace advisor {
namespace {

/// What is known before the host is read.
HostSummary asked_for(const Request& request) {
  HostSummary summary;
  summary.version = kVersion;
  if (request.netns != kAllNamespaces) summary.host.netns = request.netns;
  summary.labels = request.labels;
  summary.as_root = is_root();
  summary.profiles = request.profiles;
  if (request.profiles.empty() && request.to_set.empty()) summary.profiles = {kDefaultProfile};
  summary.interval_seconds = double(request.interval.count()) / 1000;
  return summary;
}

HostSummary::Drift drift_of(const Deviation& deviation, const Request& request) {
  const Reading& now = deviation.now;
  if (request.anonymize && tells_whose_host(deviation.parameter)) {
    return {deviation.parameter, ParameterValue(kLeftOut), ParameterValue(kLeftOut)};
  }
  return {deviation.parameter, deviation.applied, now ? std::optional(*now) : std::nullopt};
}

void add_applied(Context& context, HostSummary& summary) {
  if (context.record()) return;  // it holds no transactions
  HostStatus status;
  add_transactions(context, status);
  summary.transactions_read = status.transactions_unknown.empty();
  if (!summary.transactions_read) {
    summary.unknown.push_back({SharedText::lasting(kTransaction), {status.transactions_unknown}});
  }
  if (!status.standing) return;
  const Transaction& standing = status.standing->transaction;
  HostSummary::Applied applied{
      .id = standing.id, .state = standing.state, .deadline = {}, .drift = {}};
  if (standing.state == TransactionState::kProvisional && standing.deadline) {
    applied.deadline = standing.deadline->utc;
  }
  for (const Deviation& deviation : status.deviations) {
    applied.drift.push_back(drift_of(deviation, context.request()));
  }
  summary.transaction = std::move(applied);
}

}  // namespace

bool is_summary(Format format) {
  return format == Format::kJsonl || format == Format::kPrometheus ||
         format == Format::kOpenMetrics;
}

HostSummary summarise(Context& context, const Advice& advice) {
  HostSummary known = asked_for(context.request());
  add_applied(context, known);
  return summary_of(advice.report, advice.ground.profile, context.catalogue(), std::move(known));
}

HostSummary summary_of_failure(Context& context, const std::string& why) {
  HostSummary summary = asked_for(context.request());
  summary.state = AuditState::kFailed;
  summary.error = why;
  summary.taken = context.clock().utc();
  if (!context.request().from.empty() && !context.record()) return summary;
  Host host = context.record() ? context.record()->snapshot.host : identify(context.files());
  if (context.request().anonymize) host.name = kAnonymizedName;
  summary.host = identity_of(host, std::move(summary.host));
  return summary;
}

std::string text_of(const HostSummary& summary, const Request& request) {
  if (request.format == Format::kPrometheus) return metrics(summary, Exposition::kPrometheus);
  if (request.format == Format::kOpenMetrics) return metrics(summary, Exposition::kOpenMetrics);
  return host_line(summary).line();
}

ExitStatus print_summary(Context& context, const HostSummary& summary, ExitStatus status) {
  return print_made(text_of(summary, context.request()), status);
}

ExitStatus end_without_audit(Context& context) {
  if (!is_summary(context.request().format)) return ExitStatus::kTrouble;
  return print_summary(context, summary_of_failure(context, first_failure()), ExitStatus::kTrouble);
}

}  // namespace advisor
