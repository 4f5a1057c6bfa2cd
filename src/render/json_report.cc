#include "render/json_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_archive.h"
#include "facts/port_pressure.h"
#include "model/catalogue_words.h"

namespace advisor {
namespace {

/// How many destinations and listeners a report lists; the counts above them are of all.
constexpr size_t kMostListed = 20;

Json states_json(const StateCounts& counts) {
  Json::Array states;
  for (size_t i = 1; i < kTcpStateCount; ++i) {
    const int64_t count = counts[TcpState(i)];
    if (count == 0) continue;
    states.push_back(Json::Object{{"state", name_of(TcpState(i))}, {"sockets", count}});
  }
  return states;
}

Json owners_json(const std::vector<SocketOwner>& owners) {
  Json::Array items;
  for (const SocketOwner& owner : owners) {
    items.push_back(Json::Object{{"pid", owner.pid}, {"command", owner.command}});
  }
  return items;
}

Json destination_json(const DestinationLoad& load, double opened_per_second) {
  return Json::Object{
      {"source", load.destination.source.text()}, {"destination", load.destination.address.text()},
      {"port", int64_t{load.destination.port}},   {"states", states_json(load.states)},
      {"ports_in_use", load.ports_in_use},        {"ports_in_time_wait", load.time_wait_ports},
      {"opened_per_second", opened_per_second},   {"missed", load.missed},
      {"owners", owners_json(load.owners)}};
}

Json listener_json(const ListenerLoad& listener) {
  return Json::Object{{"address", listener.address.text()},
                      {"port", int64_t{listener.port}},
                      {"waiting", listener.waiting},
                      {"backlog", listener.backlog ? Json(*listener.backlog) : Json(nullptr)},
                      {"dropped", listener.dropped ? Json(*listener.dropped) : Json(nullptr)},
                      {"owners", owners_json(listener.owners)}};
}

template <typename Load, typename Convert>
Json listed(const std::vector<Load>& loads, Convert convert) {
  Json::Array items;
  for (size_t i = 0; i < std::min(kMostListed, loads.size()); ++i)
    items.push_back(convert(loads[i]));
  return items;
}

/// Of the host by the kernel's own counters, and whether those of destinations are right and not
/// just "at least". Null where there was one sample.
Json rates_json(const Snapshot& snapshot) {
  const auto rate = [&](const char* counter) {
    const auto per_second = snapshot.counters.rate(counter);
    return per_second ? Json(*per_second) : Json(nullptr);
  };
  if (!snapshot.counters.rate("Tcp.ActiveOpens")) return nullptr;
  return Json::Object{{"opened_per_second", rate("Tcp.ActiveOpens")},
                      {"accepted_per_second", rate("Tcp.PassiveOpens")},
                      {"reused_per_second", rate("TcpExt.TWRecycled")},
                      {"destinations_are_whole", *churn_trust(snapshot).is_whole}};
}

Json::Object load_members(const Snapshot& snapshot) {
  const Result<SocketLoad>& sockets = snapshot.sockets;
  const double scale = churn_trust(snapshot).scale;
  const auto of_destination = [&](const DestinationLoad& load) {
    return destination_json(load, scale * sockets->closed_per_second(load));
  };
  return Json::Object{{"error", nullptr},
                      {"read_from", sockets->read_from},
                      {"usable_ports", sockets->usable_ports},
                      {"client", states_json(sockets->client)},
                      {"server", states_json(sockets->server)},
                      {"loopback", states_json(sockets->loopback)},
                      {"rates", rates_json(snapshot)},
                      {"uneven", sockets->uneven},
                      {"owners_missing", sockets->owners_missing},
                      {"tail", Json::Object{{"destinations", sockets->tail.destinations},
                                            {"sockets", sockets->tail.sockets}}},
                      {"destination_count", int64_t(sockets->destinations.size())},
                      {"destinations", listed(sockets->destinations, of_destination)},
                      {"listener_count", int64_t(sockets->listeners.size())},
                      {"listeners", listed(sockets->listeners, listener_json)}};
}

/// The same members either way; null, but for the error, where sockets could not be read.
Json load_json(const Snapshot& snapshot) {
  if (snapshot.sockets) return load_members(snapshot);
  Snapshot unread;
  unread.sockets = SocketLoad();
  Json::Object members = load_members(unread);
  for (auto& [name, value] : members) value = nullptr;
  members.front().second = snapshot.sockets.error().message;
  return members;
}

Json hint_json(const KernelLogHint& hint) {
  return Json::Object{
      {"line", hint.line}, {"times", hint.times}, {"seconds_ago", hint.seconds_ago}};
}

Json kernel_log_json(const Result<std::vector<KernelLogHint>>& hints) {
  return Json::Object{{"hints", hints ? Json::each(*hints, hint_json) : Json(nullptr)},
                      {"error", hints ? Json(nullptr) : Json(hints.error().message)}};
}

Json at_boot_json(const std::optional<ValueAtBoot>& at_boot) {
  if (!at_boot) return nullptr;
  const PersistentSetting& line = at_boot->line;
  return Json::Object{
      {"value", at_boot->value.text()},
      {"where", to_text(line.where)},
      {"sets", fmt::format("{} = {}", line.parameter.dotted(), line.value.value_or(""))},
      {"meets", at_boot->meets}};
}

Json takes_effect_json(const std::optional<TakesEffect>& when) {
  return when ? Json(word_for(*when)) : Json(nullptr);
}

Json recommendation_json(const Recommendation& wanted) {
  return Json::Object{{"parameter", wanted.parameter.dotted()},
                      {"now", wanted.now.text()},
                      {"advised", wanted.advised.text()},
                      {"effect", wanted.effect},
                      {"takes_effect", takes_effect_json(wanted.takes_effect)},
                      {"cost", wanted.cost},
                      {"one_way", wanted.one_way},
                      {"in_catalogue", wanted.in_catalogue},
                      {"required", wanted.required},
                      {"at_boot", at_boot_json(wanted.at_boot)}};
}

Json suppression_json(const std::shared_ptr<const Suppression>& suppression) {
  if (!suppression) return nullptr;
  return Json::Object{{"reason", suppression->reason},
                      {"until", suppression->until},
                      {"where", to_text(suppression->where)}};
}

}  // namespace

Json json_counts(const FindingCounts& of) {
  Json::Object counts;
  for (const Severity severity :
       {Severity::kCritical, Severity::kWarning, Severity::kNote, Severity::kInfo}) {
    counts.emplace_back(name_of(severity), of.of(severity));
  }
  counts.emplace_back("satisfied", of.satisfied);
  counts.emplace_back("unknown", of.unknown);
  counts.emplace_back("not_applicable", of.not_applicable);
  counts.emplace_back("suppressed", of.suppressed);
  return counts;
}

Json json_left_out(const std::vector<LeftOut>& left_out) {
  const auto text = [](const std::optional<ParameterValue>& value) {
    return value ? Json(value->text()) : Json(nullptr);
  };
  Json::Array items;
  for (const LeftOut& one : left_out) {
    items.push_back(Json::Object{{"parameter", one.parameter.dotted()},
                                 {"now", text(one.now)},
                                 {"advised", text(one.advised)},
                                 {"reason", one.reason},
                                 {"because", one.because}});
  }
  return items;
}

Json json_finding(const Finding& finding, Detail detail) {
  Json::Array recommendations;
  for (const Recommendation& wanted : finding.recommendations) {
    recommendations.push_back(recommendation_json(wanted));
  }
  return Json::Object{
      {"rule", finding.rule},
      {"title", finding.title},
      {"verdict", name_of(finding.verdict)},
      {"severity", name_of(finding.severity)},
      {"profile", finding.profile},
      {"where", to_text(finding.where)},
      {"evidence", finding.evidence},
      {"details", Json::array_of(finding.details)},
      {"observed", detail == Detail::kAll ? json_observed(finding.observed) : Json(nullptr)},
      {"recommendations", std::move(recommendations)},
      {"left_out", json_left_out(finding.left_out)},
      {"remedy", finding.remedy},
      {"because", finding.because},
      {"cost", finding.cost},
      {"missing", Json::array_of(finding.missing)},
      {"not_applicable", Json::text_or_null(finding.not_applicable)},
      {"reference", Json::array_of(finding.reference)},
      {"controls", Json::array_of(finding.controls)},
      {"suppressed", suppression_json(finding.suppressed)}};
}

namespace {

Json host_json(const Host& host) {
  return Json::Object{
      {"id", Json::or_null(host.id)},
      {"boot_id", Json::or_null(host.boot_id)},
      {"name", host.name},
      {"kernel", host.kernel},
      {"memory_bytes", Json::or_null(host.memory_bytes)},
      {"available_bytes", Json::or_null(host.available_bytes)},
      {"other_namespaces", host.other_namespaces ? Json(*host.other_namespaces) : Json(nullptr)}};
}

/// What the findings on a control of a benchmark come to, for an auditor.
Json control_json(const std::string& id, const std::vector<const Finding*>& findings) {
  constexpr Verdict kWorstFirst[] = {Verdict::kViolated, Verdict::kUnknown, Verdict::kSatisfied};
  constexpr const char* kResults[] = {"fail", "unknown", "pass"};
  const char* result = "not_applicable";
  for (size_t i = std::size(kWorstFirst); i-- > 0;) {
    const auto has = [&](const Finding* finding) { return finding->verdict == kWorstFirst[i]; };
    if (std::ranges::any_of(findings, has)) result = kResults[i];
  }
  Json::Array rules;
  for (const Finding* finding : findings) rules.emplace_back(finding->rule);
  return Json::Object{{"id", id}, {"result", result}, {"rules", std::move(rules)}};
}

Json controls_json(const Report& report) {
  std::map<std::string, std::vector<const Finding*>> controls;
  for (const Finding& finding : report.findings) {
    for (const SharedText& control : finding.controls) {
      controls[std::string(control)].push_back(&finding);
    }
  }
  Json::Array results;
  for (const auto& [id, findings] : controls) results.push_back(control_json(id, findings));
  return results;
}

/// With less detail no finding says what it looked at.
Json findings_json(const std::vector<Finding>& findings, Detail detail) {
  Json::Array items;
  for (const Finding& finding : findings) {
    const bool is_unknown = finding.verdict == Verdict::kUnknown && !finding.suppressed;
    if (detail == Detail::kAsks && !finding.asks() && !is_unknown) continue;
    items.push_back(json_finding(finding, detail));
  }
  return items;
}

/// What was read for the audit, as a snapshot has it.
Json parameters_json(const Snapshot& snapshot, const Catalogue& catalogue) {
  Json::Array parameters;
  for (const auto& [name, reading] : snapshot.parameters) {
    const ParameterInfo* info = catalogue.find(name);
    if (info && info->secret) continue;
    Error error = reading ? Error() : reading.error();
    parameters.push_back(
        Json::Object{{"name", name.dotted()},
                     {"value", reading ? Json(reading->text()) : Json(nullptr)},
                     {"error", reading ? Json(nullptr) : JsonWriter::json_of(error)}});
  }
  return parameters;
}

}  // namespace

Json json_report(const Report& report, const Catalogue& catalogue, const char* version,
                 Detail detail) {
  const Snapshot& snapshot = report.snapshot;
  return Json::Object{{"schema", "sysctl-advisor/audit/3"},
                      {"version", version},
                      {"detail", detail == Detail::kAll ? "all" : "asks"},
                      {"profiles", Json::array_of(report.profiles)},
                      {"host", host_json(snapshot.host)},
                      {"taken", snapshot.taken},
                      {"interval_seconds", snapshot.counters.interval_seconds},
                      {"parameters", parameters_json(snapshot, catalogue)},
                      {"load", load_json(snapshot)},
                      {"kernel_log", kernel_log_json(snapshot.kernel_log)},
                      {"asks", counts_of(report.findings).asking()},
                      {"counts", json_counts(counts_of(report.findings))},
                      {"advice_memory_bytes", report.advice_memory_bytes},
                      {"controls", controls_json(report)},
                      {"findings", findings_json(report.findings, detail)},
                      {"objections", Json::array_of(report.objections)}};
}

Json json_observed(const std::vector<Observed>& observed) {
  Json::Array items;
  items.reserve(observed.size());
  for (const Observed& seen : observed) {
    items.push_back(Json::Object{{"expression", seen.expression}, {"value", seen.value}});
  }
  return items;
}

Json json_changes(const std::vector<Change>& changes) {
  Json::Array items;
  for (const Change& change : changes) {
    items.push_back(Json::Object{{"parameter", change.parameter.dotted()},
                                 {"before", change.before.text()},
                                 {"after", change.after.text()},
                                 {"because", change.because}});
  }
  return items;
}

Json json_moved(const Plan& plan) {
  Json::Array items;
  for (const Affected& affected : plan.affected) {
    if (!affected.moved()) continue;
    items.push_back(Json::Object{{"parameter", affected.parameter.dotted()},
                                 {"before", affected.before.text()},
                                 {"after", affected.after->text()}});
  }
  return items;
}

Json json_file_change(const std::optional<FileChange>& change) {
  if (!change) return nullptr;
  const auto text = [](const std::optional<std::string>& content) {
    return content ? Json(*content) : Json(nullptr);
  };
  return Json::Object{
      {"path", change->path}, {"before", text(change->before)}, {"after", text(change->after)}};
}

}  // namespace advisor
