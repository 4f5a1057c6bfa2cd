#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/utc.h"
#include "fleet/counts.h"

namespace advisor {
namespace {

/// Clocks of hosts differ a little.
constexpr int64_t kFutureSeconds = 300;

void add_failures(const HostRows& rows, FleetReport& report) {
  std::map<std::string, std::vector<FleetHost>> failures;
  for (const HostOfRows& host : rows.hosts()) {
    // Of several namespaces one reason is told.
    const auto failed = std::ranges::find(host.rows, AuditState::kFailed, &HostRow::state);
    if (failed == host.rows.end()) continue;
    failures[rows.names().text_of(failed->error)].push_back(host.in_report());
  }
  for (auto& [error, hosts] : failures) report.failures.push_back({error, std::move(hosts)});
  std::ranges::stable_sort(report.failures, std::ranges::greater(),
                           [](const FleetReport::Failure& one) { return one.hosts.size(); });
}

void add_dated(const HostRows& rows, const FleetQuestion& question, FleetReport& report) {
  const int64_t latest = parse_utc(question.now).value_or(0) + kFutureSeconds;
  for (const HostOfRows& host : rows.hosts()) {
    for (const HostRow& row : host.rows) {
      const bool is_from_future = row.taken > latest;
      if (!is_from_future && !is_stale(row, question)) continue;
      (is_from_future ? report.from_future : report.stale)
          .push_back({host.in_report(), rows.names().text_of(row.netns), utc_text(row.taken)});
    }
  }
  std::ranges::stable_sort(report.stale, {}, &FleetReport::Dated::taken);
}

void add_shared_ids(const HostRows& rows, FleetReport& report) {
  std::map<std::string, std::vector<std::string>> names;
  for (const HostOfRows& host : rows.hosts()) {
    if (host.machine_id.empty()) continue;
    names[host.machine_id].push_back(host.shown_name());
  }
  for (auto& [id, sharing] : names) {
    if (sharing.size() > 1) report.shared_ids.push_back({id, std::move(sharing)});
  }
}

FleetReport::Inventory against(const std::vector<std::string>& expected, const HostRows& rows) {
  FleetReport::Inventory inventory;
  inventory.names = int64_t(expected.size());
  std::set<std::string> there;
  for (const HostOfRows& host : rows.hosts()) {
    const std::string& name = host.inventory_name.empty() ? host.name : host.inventory_name;
    there.insert(name);
    inventory.unknown += !std::ranges::binary_search(expected, name);
  }
  for (const std::string& name : expected) {
    if (!there.contains(name)) inventory.missing.push_back(name);
  }
  return inventory;
}

}  // namespace

void count_unusual_hosts(const HostRows& rows, const FleetQuestion& question, FleetReport& report) {
  add_failures(rows, report);
  add_dated(rows, question, report);
  add_shared_ids(rows, report);
  for (const HostOfRows& host : rows.hosts()) {
    report.hosts_repeated += host.superseded > 0;
    report.lines_repeated += host.superseded;
    report.hosts_without_id += host.machine_id.empty();
  }
  if (question.inventory) report.inventory = against(*question.inventory, rows);
}

}  // namespace advisor
