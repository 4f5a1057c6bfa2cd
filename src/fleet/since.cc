#include "fleet/since.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace advisor {
namespace {

/// What is known of the hosts now.
struct HostsNow {
  std::map<std::string_view, const HostOfRows*> audited;
  std::map<std::string_view, std::set<std::string_view>>
      unable;  ///< ids, by rules they cannot judge
};

HostsNow hosts_now(const HostRows& rows) {
  HostsNow now;
  for (const HostOfRows& host : rows.hosts()) {
    if (host.state() == AuditState::kFailed) continue;
    now.audited.emplace(host.id, &host);
    for (const HostRow& row : host.rows) {
      for (const HostRow::Unknown& unknown : row.unknown) {
        now.unable[rows.names().text_of(unknown.rule)].insert(host.id);
      }
    }
  }
  return now;
}

/// What became of a rule, which the hosts with these ids have now.
FleetReport::Change change_of(const std::string& rule, const EarlierFleet& earlier,
                              const std::set<std::string_view>& ids, const HostsNow& now) {
  FleetReport::Change change;
  change.rule = rule;
  const auto known = earlier.findings.find(rule);
  const std::set<std::string> none;
  const std::set<std::string>& before = known == earlier.findings.end() ? none : known->second.ids;
  const auto name_of_host = [&](std::string_view id) {
    return FleetHost{std::string(id), now.audited.at(id)->shown_name()};
  };
  for (const std::string_view id : ids) {
    const std::string host(id);
    if (before.contains(host)) continue;
    if (!earlier.audited.contains(host)) {
      ++change.first_seen;
    } else if (now.audited.contains(id)) {
      change.newly.push_back(name_of_host(id));
    }
  }
  const auto unable = now.unable.find(rule);
  for (const std::string& id : before) {
    if (ids.contains(id)) continue;
    const bool cannot_judge = unable != now.unable.end() && unable->second.contains(id);
    if (!now.audited.contains(id) || cannot_judge) {
      ++change.not_told;
    } else {
      change.no_longer.push_back(name_of_host(id));
    }
  }
  return change;
}

bool tells(const FleetReport::Change& change) {
  return !change.newly.empty() || !change.no_longer.empty() || change.first_seen > 0 ||
         change.not_told > 0;
}

}  // namespace

FleetReport::Since changes_since(const EarlierFleet& earlier, const HostRows& rows,
                                 const FleetReport& report) {
  const HostsNow now = hosts_now(rows);
  FleetReport::Since since;
  since.made = earlier.made;
  std::set<std::string> told;
  const auto add = [&](FleetReport::Change change, const std::string& title, Severity severity) {
    told.insert(change.rule);
    if (!tells(change)) return;
    change.title = title;
    change.severity = severity;
    since.changes.push_back(std::move(change));
  };
  for (const FleetReport::Finding& finding : report.findings) {
    const std::set<std::string_view> ids(finding.ids.begin(), finding.ids.end());
    add(change_of(finding.rule, earlier, ids, now), finding.title, finding.severity);
  }
  for (const auto& [rule, finding] : earlier.findings) {
    if (told.contains(rule)) continue;
    add(change_of(rule, earlier, {}, now), finding.title, finding.severity);
  }
  std::ranges::stable_sort(since.changes, std::ranges::greater(), &FleetReport::Change::severity);
  for (const auto& [id, host] : now.audited) {
    since.hosts_new += !earlier.audited.contains(std::string(id));
  }
  for (const std::string& id : earlier.audited) since.hosts_gone += !now.audited.contains(id);
  return since;
}

}  // namespace advisor
