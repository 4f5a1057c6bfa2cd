#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "fleet/counts.h"
#include "fleet/host_count.h"

namespace advisor {
namespace {

/// A transaction that stands for good, and asks nobody for anything.
constexpr std::string_view kSettled = "committed";

std::vector<FleetReport::Counted> counted_by_hosts(const std::map<NameId, HostCount>& counts,
                                                   const Names& names) {
  std::vector<FleetReport::Counted> counted;
  for (const auto& [what, count] : counts) counted.push_back({names.text_of(what), count.hosts()});
  std::ranges::sort(counted, {}, [](const FleetReport::Counted& one) {
    return std::tuple(-one.hosts, one.what);
  });
  return counted;
}

/// What one destination takes of all hosts.
struct DestinationTally {
  HostCount count;
  FleetReport::Destination destination;
};

void add_to(DestinationTally& tally, size_t number, const HostOfRows& host,
            const HostLine::FullDestination& to) {
  FleetReport::Destination& sum = tally.destination;
  tally.count.add(number);
  sum.ports_in_use += to.ports_in_use;
  sum.ports_in_time_wait += to.ports_in_time_wait;
  const double share = double(to.ports_in_use) / double(std::max<int64_t>(to.usable_ports, 1));
  if (sum.fullest.id.empty() || share > sum.fullest_share) {
    sum.fullest = host.in_report();
    sum.fullest_share = share;
  }
}

}  // namespace

void count_destinations(const HostRows& rows, const FleetQuestion& question, FleetReport& report) {
  std::map<std::pair<IpAddress, uint16_t>, DestinationTally> destinations;
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    for (const HostRow& row : rows.hosts()[i].rows) {
      for (const HostLine::FullDestination& to : row.destinations) {
        add_to(destinations[{to.address, to.port}], i, rows.hosts()[i], to);
      }
    }
  }
  report.destination_count = int64_t(destinations.size());
  for (auto& [where, tally] : destinations) {
    tally.destination.address = where.first;
    tally.destination.port = where.second;
    tally.destination.hosts = tally.count.hosts();
    report.destinations.push_back(std::move(tally.destination));
  }
  std::ranges::stable_sort(report.destinations, std::ranges::greater(),
                           &FleetReport::Destination::ports_in_use);
  if (report.destinations.size() > question.top) report.destinations.resize(question.top);
}

void count_applied(const HostRows& rows, FleetReport& report) {
  std::map<NameId, HostCount> states;
  std::map<HostRow::Drift, HostCount> drifts;
  const Names& names = rows.names();
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    const HostOfRows& host = rows.hosts()[i];
    for (const HostRow& row : host.rows) {
      for (const HostRow::Drift& drift : row.drift) drifts[drift].add(i);
      if (!row.applied) continue;
      states[row.applied->state].add(i);
      const std::string& state = names.text_of(row.applied->state);
      if (state == kSettled) continue;
      report.pending.push_back({host.in_report(), names.text_of(row.applied->id), state,
                                names.text_of(row.applied->deadline)});
    }
  }
  for (FleetReport::Counted& one : counted_by_hosts(states, names)) {
    report.transactions.push_back({std::move(one.what), one.hosts});
  }
  for (const auto& [drift, count] : drifts) {
    report.drift.push_back({names.text_of(drift.parameter), names.text_of(drift.applied),
                            drift.now ? std::optional(names.text_of(*drift.now)) : std::nullopt,
                            count.hosts()});
  }
  std::ranges::sort(report.drift, {}, [](const FleetReport::Drift& one) {
    return std::tuple(-one.hosts, one.parameter, one.applied, one.now);
  });
}

void count_boot(const HostRows& rows, FleetReport& report) {
  std::map<NameId, HostCount> lost, not_in_effect;
  HostCount unread;
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    for (const HostRow& row : rows.hosts()[i].rows) {
      if (!row.knows_boot && row.state != AuditState::kFailed) unread.add(i);
      for (const NameId parameter : row.lost_at_boot) lost[parameter].add(i);
      for (const NameId where : row.not_in_effect) not_in_effect[where].add(i);
    }
  }
  report.boot_unread = unread.hosts();
  report.lost_at_boot = counted_by_hosts(lost, rows.names());
  report.not_in_effect = counted_by_hosts(not_in_effect, rows.names());
}

}  // namespace advisor
