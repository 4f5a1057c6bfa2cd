#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "base/utc.h"
#include "fleet/counts.h"
#include "fleet/host_count.h"

namespace advisor {
namespace {

/// What a host has of each rule: of several network namespaces the worst.
std::map<NameId, const HostRow::Asking*> worst_of_rules(const HostOfRows& host) {
  std::map<NameId, const HostRow::Asking*> rules;
  for (const HostRow& row : host.rows) {
    for (const HostRow::Asking& asking : row.findings) {
      const HostRow::Asking*& worst = rules[asking.rule];
      if (!worst || asking.severity > worst->severity) worst = &asking;
    }
  }
  return rules;
}

void add_to(FleetReport::Finding& finding, const HostOfRows& host, const HostRow::Asking& asking,
            const Names& names) {
  const bool is_first = finding.ids.empty();
  finding.ids.push_back(host.id);
  ++finding.hosts_by_severity[size_t(asking.severity)];
  if (!is_first && asking.severity <= finding.severity) return;
  finding.severity = asking.severity;
  finding.title = names.text_of(asking.title);
  finding.example = host.in_report();
  finding.evidence = asking.evidence;
}

void add_findings(const HostRows& rows, FleetReport& report) {
  std::map<NameId, FleetReport::Finding> rules;
  for (const HostOfRows& host : rows.hosts()) {
    for (const auto& [rule, asking] : worst_of_rules(host)) {
      add_to(rules[rule], host, *asking, rows.names());
    }
  }
  for (auto& [rule, finding] : rules) {
    finding.rule = rows.names().text_of(rule);
    std::ranges::sort(finding.ids);
    report.findings.push_back(std::move(finding));
  }
  std::ranges::sort(report.findings, {}, [](const FleetReport::Finding& finding) {
    return std::tuple(-int(finding.severity), -int64_t(finding.ids.size()), finding.rule);
  });
}

void add_parameters(const HostRows& rows, FleetReport& report) {
  std::map<HostRow::Change, HostCount> changes;
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    for (const HostRow& row : rows.hosts()[i].rows) {
      for (const HostRow::Change& change : row.changes) changes[change].add(i);
    }
  }
  const Names& names = rows.names();
  for (const auto& [change, count] : changes) {
    report.parameters.push_back({names.text_of(change.parameter), names.text_of(change.now),
                                 names.text_of(change.advised), count.hosts()});
  }
  std::ranges::sort(report.parameters, {}, [](const FleetReport::Parameter& one) {
    return std::tuple(-one.hosts, one.parameter, one.now, one.advised);
  });
}

/// More of a worse severity is worse.
auto badness(const FleetReport::WorstHost& host) {
  const auto of = [&](Severity severity) { return -host.findings[size_t(severity)]; };
  return std::tuple(of(Severity::kCritical), of(Severity::kWarning), of(Severity::kNote));
}

void add_worst_hosts(const HostRows& rows, size_t top, FleetReport& report) {
  const auto is_worse = [](const FleetReport::WorstHost& a, const FleetReport::WorstHost& b) {
    return badness(a) < badness(b);
  };
  std::vector<FleetReport::WorstHost>& worst = report.worst_hosts;
  for (const HostOfRows& host : rows.hosts()) {
    FleetReport::WorstHost one;
    int64_t taken = 0;
    for (const HostRow& row : host.rows) {
      for (const HostRow::Asking& asking : row.findings) ++one.findings[size_t(asking.severity)];
      taken = std::max(taken, row.taken);
    }
    // Hosts come by their names, so that of equals the first names stay.
    const auto place = std::ranges::upper_bound(worst, one, is_worse);
    const bool is_full = worst.size() == top;
    if ((is_full && place == worst.end()) || badness(one) == std::tuple(0, 0, 0)) continue;
    one.host = host.in_report();
    one.namespaces = int64_t(host.rows.size());
    one.taken = utc_text(taken);
    worst.insert(place, std::move(one));
    if (is_full) worst.pop_back();
  }
}

}  // namespace

void count_findings(const HostRows& rows, const FleetQuestion& question, FleetReport& report) {
  add_findings(rows, report);
  add_parameters(rows, report);
  add_worst_hosts(rows, question.top, report);
}

void count_unknown(const HostRows& rows, FleetReport& report) {
  struct Missing {
    HostCount count;
    std::set<NameId> rules;
  };
  std::map<NameId, Missing> sentences;
  for (size_t i = 0; i < rows.hosts().size(); ++i) {
    for (const HostRow& row : rows.hosts()[i].rows) {
      for (const HostRow::Unknown& unknown : row.unknown) {
        Missing& missing = sentences[unknown.missing];
        missing.count.add(i);
        missing.rules.insert(unknown.rule);
      }
    }
  }
  for (const auto& [sentence, missing] : sentences) {
    FleetReport::Unknown unknown{rows.names().text_of(sentence), missing.count.hosts(), {}};
    for (const NameId rule : missing.rules) unknown.rules.push_back(rows.names().text_of(rule));
    std::ranges::sort(unknown.rules);
    report.unknown.push_back(std::move(unknown));
  }
  std::ranges::sort(report.unknown, {}, [](const FleetReport::Unknown& one) {
    return std::tuple(-one.hosts, one.missing);
  });
}

}  // namespace advisor
