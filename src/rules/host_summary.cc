#include "rules/host_summary.h"

#include <algorithm>
#include <functional>
#include <span>

#include "facts/facts.h"
#include "facts/port_pressure.h"
#include "facts/rule_scope.h"
#include "load/fingerprint.h"

namespace advisor {
namespace {

std::optional<std::string> if_known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Nothing for what is no name but an expression, whose value follows from those of the names.
std::optional<std::string> unit_of(const std::string& expression, const Catalogue& catalogue) {
  if (const Fact* fact = find_fact(expression)) return fact->unit;
  std::set<ParameterName> parameters;
  add_named_parameters({expression}, parameters);
  if (parameters.size() != 1) return std::nullopt;
  const ParameterInfo* info = catalogue.find(*parameters.begin());
  return info ? std::optional(std::string(info->unit)) : std::nullopt;
}

HostSummary::Asking asking(const Finding& finding, const Catalogue& catalogue) {
  HostSummary::Asking asks{.rule = finding.rule,
                           .severity = finding.severity,
                           .title = finding.title,
                           .profile = finding.profile,
                           .evidence = finding.evidence,
                           .remedy = finding.remedy,
                           .figures = {},
                           .changes = {}};
  for (const Observed& seen : finding.observed) {
    auto unit = unit_of(std::string(seen.expression), catalogue);
    if (unit) asks.figures.push_back({seen.expression, seen.typed, *std::move(unit)});
  }
  for (const Recommendation& wanted : finding.recommendations) {
    asks.changes.push_back({wanted.parameter, wanted.now, wanted.advised});
  }
  return asks;
}

void add_load(const Snapshot& snapshot, HostSummary& summary) {
  if (!snapshot.sockets) return;
  const SocketLoad& sockets = *snapshot.sockets;
  summary.usable_ports = sockets.usable_ports;
  const bool has_rates = snapshot.counters.interval_seconds > 0;
  const double scale = churn_trust(snapshot).scale;
  for (const DestinationLoad& load : sockets.destinations) {
    if (summary.destinations.size() == HostSummary::kListed) break;
    summary.destinations.push_back(
        {.to = load.destination,
         .ports_in_use = load.ports_in_use,
         .ports_in_time_wait = load.time_wait_ports,
         .ports_blocked = ports_towards(snapshot, load).blocked,
         .usable_ports = sockets.usable_ports,
         .opened_per_second =
             has_rates ? std::optional(scale * sockets.closed_per_second(load)) : std::nullopt});
  }
  if (has_rates)
    summary.ports_exhausted_in_seconds = busiest_ports(snapshot).exhausted_in_seconds();
  std::vector<const ListenerLoad*> listeners;
  for (const ListenerLoad& listener : sockets.listeners) listeners.push_back(&listener);
  std::ranges::stable_sort(listeners, std::greater(), &ListenerLoad::waiting);
  for (const ListenerLoad* listener :
       std::span(listeners).first(std::min(HostSummary::kListed, listeners.size()))) {
    summary.listeners.push_back({listener->address, listener->port, listener->waiting,
                                 listener->backlog, listener->dropped});
  }
}

}  // namespace

HostSummary::Identity identity_of(const Host& host, HostSummary::Identity known) {
  known.id = host.id;
  known.boot_id = host.boot_id;
  known.kernel = if_known(host.kernel);
  known.name = host.name == kAnonymizedName ? std::nullopt : if_known(host.name);
  return known;
}

HostSummary summary_of(const Report& report, const EffectiveProfile& profile,
                       const Catalogue& catalogue, HostSummary known) {
  HostSummary summary = std::move(known);
  const Snapshot& snapshot = report.snapshot;
  summary.host = identity_of(snapshot.host, std::move(summary.host));
  summary.taken = snapshot.taken;
  summary.interval_seconds = snapshot.counters.interval_seconds;
  summary.profiles = report.profiles;
  summary.profile_hash = fingerprint(profile);
  summary.counts = counts_of(report.findings);
  for (const Finding& finding : report.findings) {
    if (finding.asks()) summary.findings.push_back(asking(finding, catalogue));
    if (finding.verdict == Verdict::kUnknown && !finding.suppressed) {
      summary.unknown.push_back({finding.rule, finding.missing});
    }
  }
  add_load(snapshot, summary);
  summary.boot = report.boot;
  summary.state = summary.unknown.empty() ? AuditState::kOk : AuditState::kPartial;
  return summary;
}

}  // namespace advisor
