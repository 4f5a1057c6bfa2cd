#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "base/utc.h"
#include "fleet/counts.h"
#include "fleet/host_count.h"

namespace advisor {
namespace {

/// The severity of the worst that is asked of a host; nothing if nothing is.
std::optional<Severity> worst_of(const HostOfRows& host) {
  std::optional<Severity> worst;
  for (const HostRow& row : host.rows) {
    for (const HostRow::Asking& finding : row.findings) {
      worst = std::max(worst.value_or(Severity::kInfo), finding.severity);
    }
  }
  return worst;
}

void add_to(FleetReport::Counts& counts, const HostOfRows& host, const FleetQuestion& question) {
  ++counts.hosts;
  counts.stale +=
      std::ranges::any_of(host.rows, [&](const HostRow& row) { return is_stale(row, question); });
  const AuditState state = host.state();
  if (state == AuditState::kFailed) {
    ++counts.failed;
    return;
  }
  ++(state == AuditState::kOk ? counts.ok : counts.partial);
  if (const auto worst = worst_of(host)) {
    ++counts.worst[size_t(*worst)];
  } else {
    ++counts.nothing;
  }
}

/// The groups that a host is in; the empty one if it is in none.
std::set<std::string> groups_of(const HostOfRows& host, FleetSplit split, const HostRows& rows) {
  const Names& names = rows.names();
  std::set<std::string> groups;
  for (const HostRow& row : host.rows) {
    if (split == FleetSplit::kKernel) groups.insert(names.text_of(row.kernel));
    if (split == FleetSplit::kProfile) groups.insert(join(rows.profiles_of(row), " + "));
    if (split != FleetSplit::kLabel) continue;
    for (const NameId label : row.labels) groups.insert(names.text_of(label));
  }
  if (groups.empty()) groups.insert("");
  return groups;
}

/// Those that most hosts have come first.
template <typename T>
void sort_by_hosts(std::vector<T>& items) {
  std::ranges::stable_sort(items, std::ranges::greater(), &T::hosts);
}

void count_versions(const HostRows& rows, FleetReport& report) {
  std::map<std::string, HostCount> versions;
  std::map<std::pair<std::vector<std::string>, NameId>, HostCount> profiles;
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    for (const HostRow& row : rows.hosts()[i].rows) {
      versions[rows.names().text_of(row.version)].add(i);
      // One that failed was held against nothing.
      if (row.state == AuditState::kFailed) continue;
      profiles[{rows.profiles_of(row), row.profile_hash}].add(i);
    }
  }
  for (const auto& [version, count] : versions) {
    report.versions.push_back({version, count.hosts()});
  }
  for (const auto& [both, count] : profiles) {
    report.profiles.push_back({both.first, rows.names().text_of(both.second), count.hosts()});
  }
  std::ranges::sort(report.profiles, {}, [](const FleetReport::Profiles& one) {
    return std::tuple(-one.hosts, one.profiles, one.hash);
  });
  sort_by_hosts(report.versions);
}

}  // namespace

bool is_stale(const HostRow& row, const FleetQuestion& question) {
  return row.taken < parse_utc(question.now).value_or(0) - question.stale_seconds;
}

void count_hosts(const HostRows& rows, const FleetQuestion& question, FleetReport& report) {
  std::map<std::string, FleetReport::Counts> groups;
  std::optional<int64_t> oldest, newest;
  for (const HostOfRows& host : rows.hosts()) {
    add_to(report.counts, host, question);
    if (host.state() != AuditState::kFailed) report.audited.push_back(host.id);
    report.namespaces += int64_t(host.rows.size());
    for (const HostRow& row : host.rows) {
      oldest = std::min(oldest.value_or(row.taken), row.taken);
      newest = std::max(newest.value_or(row.taken), row.taken);
    }
    if (question.split == FleetSplit::kNone) continue;
    for (const std::string& group : groups_of(host, question.split, rows)) {
      add_to(groups[group], host, question);
    }
  }
  std::ranges::sort(report.audited);
  if (oldest) report.oldest = utc_text(*oldest);
  if (newest) report.newest = utc_text(*newest);
  for (const auto& [name, counts] : groups) report.groups.push_back({name, counts});
  std::ranges::stable_sort(report.groups, std::ranges::greater(),
                           [](const FleetReport::Group& group) { return group.counts.hosts; });
  count_versions(rows, report);
}

}  // namespace advisor
