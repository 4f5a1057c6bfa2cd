#include "render/host_line.h"

#include <type_traits>

#include "render/json_report.h"

namespace advisor {
namespace {

Json value_json(const ObservedValue& value) {
  return std::visit(
      []<typename T>(const T& one) -> Json {
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else {
          return one;
        }
      },
      value);
}

Json figure_json(const HostSummary::Figure& figure) {
  return Json::Object{{"expression", figure.expression},
                      {"value", value_json(figure.value)},
                      {"unit", figure.unit}};
}

Json change_json(const HostSummary::Change& change) {
  return Json::Object{{"parameter", change.parameter.dotted()},
                      {"now", change.now.text()},
                      {"advised", change.advised.text()}};
}

Json finding_json(const HostSummary::Asking& finding) {
  return Json::Object{{"rule", finding.rule},
                      {"severity", name_of(finding.severity)},
                      {"title", finding.title},
                      {"profile", finding.profile},
                      {"evidence", finding.evidence},
                      {"remedy", Json::text_or_null(finding.remedy)},
                      {"figures", Json::each(finding.figures, figure_json)},
                      {"changes", Json::each(finding.changes, change_json)}};
}

Json unknown_json(const HostSummary::Unknown& unknown) {
  return Json::Object{{"rule", unknown.rule}, {"missing", Json::array_of(unknown.missing)}};
}

Json destination_json(const HostSummary::FullDestination& one) {
  return Json::Object{{"source", one.to.source.text()},
                      {"destination", one.to.address.text()},
                      {"port", int64_t{one.to.port}},
                      {"ports_in_use", one.ports_in_use},
                      {"ports_in_time_wait", one.ports_in_time_wait},
                      {"usable_ports", one.usable_ports},
                      {"opened_per_second", Json::or_null(one.opened_per_second)}};
}

Json listener_json(const HostSummary::Listener& listener) {
  return Json::Object{{"address", listener.address.text()},
                      {"port", int64_t{listener.port}},
                      {"waiting", listener.waiting},
                      {"backlog", Json::or_null(listener.backlog)},
                      {"dropped", Json::or_null(listener.dropped)}};
}

Json drift_json(const HostSummary::Drift& drift) {
  return Json::Object{{"parameter", drift.parameter.dotted()},
                      {"applied", drift.applied.text()},
                      {"now", drift.now ? Json(drift.now->text()) : Json(nullptr)}};
}

Json transaction_json(const std::optional<HostSummary::Applied>& applied) {
  if (!applied) return nullptr;
  return Json::Object{{"id", applied->id},
                      {"state", name_of(applied->state)},
                      {"deadline", Json::or_null(applied->deadline)},
                      {"drift", Json::each(applied->drift, drift_json)}};
}

Json boot_json(const std::optional<BootOutlook>& boot) {
  if (!boot) return nullptr;
  const auto dotted = [](const ParameterName& name) { return Json(name.dotted()); };
  const auto place = [](const SourceLocation& where) { return Json(to_text(where)); };
  return Json::Object{{"lost", Json::each(boot->lost, dotted)},
                      {"not_in_effect", Json::each(boot->not_in_effect, place)}};
}

Json identity_json(const HostSummary::Identity& host) {
  return Json::Object{{"id", Json::or_null(host.id)},
                      {"name", Json::or_null(host.name)},
                      {"inventory_name", nullptr},  // whoever collects lines puts it in
                      {"netns", host.netns},
                      {"kernel", Json::or_null(host.kernel)},
                      {"boot_id", Json::or_null(host.boot_id)}};
}

}  // namespace

Json host_line(const HostSummary& summary) {
  const auto worst = summary.worst();
  return Json::Object{{"schema", kHostLineSchema},
                      {"version", summary.version},
                      {"status", name_of(summary.state)},
                      {"error", Json::text_or_null(summary.error)},
                      {"host", identity_json(summary.host)},
                      {"labels", Json::array_of(summary.labels)},
                      {"taken", summary.taken},
                      {"interval_seconds", summary.interval_seconds},
                      {"as_root", summary.as_root},
                      {"profiles", Json::array_of(summary.profiles)},
                      {"profile_hash", Json::or_null(summary.profile_hash)},
                      {"asks", Json::or_null(summary.asks())},
                      {"worst", worst ? Json(name_of(*worst)) : Json(nullptr)},
                      {"counts", summary.counts ? json_counts(*summary.counts) : Json(nullptr)},
                      {"findings", Json::each(summary.findings, finding_json)},
                      {"unknown", Json::each(summary.unknown, unknown_json)},
                      {"destinations", Json::each(summary.destinations, destination_json)},
                      {"listeners", Json::each(summary.listeners, listener_json)},
                      {"transaction", transaction_json(summary.transaction)},
                      {"boot", boot_json(summary.boot)}};
}

}  // namespace advisor
