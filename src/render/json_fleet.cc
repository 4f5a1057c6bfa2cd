#include "render/json_fleet.h"

namespace advisor {
namespace {

Json by_severity(const std::array<int64_t, 4>& counts, Json::Object members) {
  for (const Severity severity : {Severity::kCritical, Severity::kWarning, Severity::kNote}) {
    members.emplace_back(SharedText::lasting(name_of(severity)), counts[size_t(severity)]);
  }
  return members;
}

Json fleet_counts_json(const FleetReport::Counts& counts) {
  return by_severity(counts.worst, Json::Object{{"total", counts.hosts},
                                                {"ok", counts.ok},
                                                {"partial", counts.partial},
                                                {"failed", counts.failed},
                                                {"stale", counts.stale},
                                                {"asking", counts.asking()},
                                                {"nothing", counts.nothing}});
}

Json fleet_host_json(const FleetHost& host) {
  return Json::Object{{"id", host.id}, {"name", host.name}};
}

Json fleet_failure_json(const FleetReport::Failure& failure) {
  return Json::Object{{"error", failure.error},
                      {"hosts", Json::each(failure.hosts, fleet_host_json)}};
}

Json fleet_dated_json(const FleetReport::Dated& dated) {
  return Json::Object{
      {"host", fleet_host_json(dated.host)}, {"netns", dated.netns}, {"taken", dated.taken}};
}

Json fleet_shared_id_json(const FleetReport::SharedId& shared) {
  return Json::Object{{"id", shared.id}, {"names", Json::array_of(shared.names)}};
}

Json fleet_inventory_json(const std::optional<FleetReport::Inventory>& inventory) {
  if (!inventory) return nullptr;
  return Json::Object{{"names", inventory->names},
                      {"missing", Json::array_of(inventory->missing)},
                      {"unknown_hosts", inventory->unknown}};
}

Json fleet_finding_json(const FleetReport::Finding& finding) {
  return by_severity(
      finding.hosts_by_severity,
      Json::Object{{"rule", finding.rule},
                   {"title", finding.title},
                   {"severity", name_of(finding.severity)},
                   {"hosts", int64_t(finding.ids.size())},
                   {"example", Json::Object{{"host", fleet_host_json(finding.example)},
                                            {"evidence", finding.evidence}}},
                   {"ids", Json::array_of(finding.ids)}});
}

Json fleet_worst_host_json(const FleetReport::WorstHost& worst) {
  return by_severity(worst.findings, Json::Object{{"host", fleet_host_json(worst.host)},
                                                  {"namespaces", worst.namespaces},
                                                  {"taken", worst.taken}});
}

Json fleet_destination_json(const FleetReport::Destination& to) {
  return Json::Object{{"destination", to.address.text()},
                      {"port", int64_t(to.port)},
                      {"ports_in_use", to.ports_in_use},
                      {"ports_in_time_wait", to.ports_in_time_wait},
                      {"hosts", to.hosts},
                      {"fullest", Json::Object{{"host", fleet_host_json(to.fullest)},
                                               {"share", to.fullest_share}}}};
}

Json fleet_parameter_json(const FleetReport::Parameter& one) {
  return Json::Object{{"parameter", one.parameter},
                      {"now", one.now},
                      {"advised", one.advised},
                      {"hosts", one.hosts}};
}

Json fleet_pending_json(const FleetReport::Pending& pending) {
  return Json::Object{{"host", fleet_host_json(pending.host)},
                      {"transaction", pending.id},
                      {"state", pending.state},
                      {"deadline", Json::text_or_null(pending.deadline)}};
}

Json fleet_drift_json(const FleetReport::Drift& drift) {
  return Json::Object{{"parameter", drift.parameter},
                      {"applied", drift.applied},
                      {"now", Json::or_null(drift.now)},
                      {"hosts", drift.hosts}};
}

Json fleet_unknown_json(const FleetReport::Unknown& unknown) {
  return Json::Object{{"missing", Json::text_or_null(unknown.missing)},
                      {"hosts", unknown.hosts},
                      {"rules", Json::array_of(unknown.rules)}};
}

Json fleet_profiles_json(const FleetReport::Profiles& profiles) {
  return Json::Object{{"profiles", Json::array_of(profiles.profiles)},
                      {"profile_hash", Json::text_or_null(profiles.hash)},
                      {"hosts", profiles.hosts}};
}

Json fleet_group_json(const FleetReport::Group& group) {
  return Json::Object{{"name", Json::text_or_null(group.name)},
                      {"hosts", fleet_counts_json(group.counts)}};
}

Json fleet_change_json(const FleetReport::Change& change) {
  return Json::Object{{"rule", change.rule},
                      {"title", change.title},
                      {"severity", name_of(change.severity)},
                      {"newly", Json::each(change.newly, fleet_host_json)},
                      {"no_longer", Json::each(change.no_longer, fleet_host_json)},
                      {"first_seen", change.first_seen},
                      {"not_told", change.not_told}};
}

Json fleet_since_json(const std::optional<FleetReport::Since>& since) {
  if (!since) return nullptr;
  return Json::Object{{"made", since->made},
                      {"hosts_new", since->hosts_new},
                      {"hosts_gone", since->hosts_gone},
                      {"changes", Json::each(since->changes, fleet_change_json)}};
}

/// A list of what hosts have, with how many do; `name` is that of its first member.
template <size_t Size>
Json fleet_counted_json(const char (&name)[Size],
                        const std::vector<FleetReport::Counted>& counted) {
  return Json::each(counted, [&](const FleetReport::Counted& one) {
    Json::Object members;
    members.emplace_back(SharedText::lasting(name), one.what);
    members.emplace_back(SharedText::lasting("hosts"), one.hosts);
    return Json(std::move(members));
  });
}

Json fleet_lines_json(const FleetReport& report) {
  return Json::Object{{"read", report.lines},
                      {"unread", report.unread},
                      {"superseded", report.lines_repeated},
                      {"hosts_with_several", report.hosts_repeated},
                      {"namespaces", report.namespaces},
                      {"oldest", Json::text_or_null(report.oldest)},
                      {"newest", Json::text_or_null(report.newest)}};
}

Json fleet_boot_json(const FleetReport& report) {
  return Json::Object{{"unread", report.boot_unread},
                      {"lost", fleet_counted_json("parameter", report.lost_at_boot)},
                      {"not_in_effect", fleet_counted_json("where", report.not_in_effect)}};
}

Json fleet_groups_json(const FleetReport& report) {
  if (report.split == FleetSplit::kNone) return nullptr;
  return Json::Object{{"by", name_of(report.split)},
                      {"groups", Json::each(report.groups, fleet_group_json)}};
}

Json fleet_transactions_json(const FleetReport::Transactions& one) {
  return Json::Object{{"state", one.state}, {"hosts", one.hosts}};
}

}  // namespace

Json json_fleet(const FleetReport& report, const std::string& version) {
  return Json::Object{{"schema", kFleetReportSchema},
                      {"version", version},
                      {"made", report.made},
                      {"stale_seconds", report.stale_seconds},
                      {"lines", fleet_lines_json(report)},
                      {"hosts", fleet_counts_json(report.counts)},
                      {"hosts_without_id", report.hosts_without_id},
                      {"inventory", fleet_inventory_json(report.inventory)},
                      {"failures", Json::each(report.failures, fleet_failure_json)},
                      {"stale", Json::each(report.stale, fleet_dated_json)},
                      {"from_future", Json::each(report.from_future, fleet_dated_json)},
                      {"shared_ids", Json::each(report.shared_ids, fleet_shared_id_json)},
                      {"findings", Json::each(report.findings, fleet_finding_json)},
                      {"worst_hosts", Json::each(report.worst_hosts, fleet_worst_host_json)},
                      {"destination_count", report.destination_count},
                      {"destinations", Json::each(report.destinations, fleet_destination_json)},
                      {"parameters", Json::each(report.parameters, fleet_parameter_json)},
                      {"transactions", Json::each(report.transactions, fleet_transactions_json)},
                      {"pending", Json::each(report.pending, fleet_pending_json)},
                      {"drift", Json::each(report.drift, fleet_drift_json)},
                      {"boot", fleet_boot_json(report)},
                      {"unknown", Json::each(report.unknown, fleet_unknown_json)},
                      {"profiles", Json::each(report.profiles, fleet_profiles_json)},
                      {"versions", fleet_counted_json("version", report.versions)},
                      {"split", fleet_groups_json(report)},
                      {"since", fleet_since_json(report.since)},
                      {"audited", Json::array_of(report.audited)}};
}

}  // namespace advisor
