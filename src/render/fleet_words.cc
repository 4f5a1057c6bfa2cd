#include "render/fleet_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "expr/format.h"
#include "render/style.h"

namespace advisor {
namespace {

/// "812 hosts".
std::string hosts_text(int64_t hosts) {
  return counted(hosts, "host");
}

/// Adds "3 failed" if there are any.
void add_count(std::vector<std::string>& parts, int64_t count, const std::string& what) {
  if (count > 0) parts.push_back(fmt::format("{} {}", grouped_digits(count), what));
}

std::string age_text(int64_t seconds) {
  return expr::format(seconds, expr::Style::kDuration);
}

void add_remarks_on_lines(const FleetReport& report, std::vector<std::string>& remarks) {
  if (report.unread > 0) {
    remarks.push_back(counted(report.unread, "line") +
                      " could not be read, and may be of hosts that are missing here");
  }
  if (report.hosts_repeated > 0) {
    remarks.push_back(
        fmt::format("{} {} several lines, of which the newest counts; {} older",
                    hosts_text(report.hosts_repeated), report.hosts_repeated == 1 ? "has" : "have",
                    report.lines_repeated == 1 ? "1 line is"
                                               : counted(report.lines_repeated, "line") + " are"));
  }
  if (report.hosts_without_id > 0) {
    remarks.push_back(fmt::format(
        "{} known by {} alone, since no line tells the machine-id",
        report.hosts_without_id == 1 ? "1 host is" : hosts_text(report.hosts_without_id) + " are",
        report.hosts_without_id == 1 ? "its name" : "their names"));
  }
}

}  // namespace

std::string hosts_in_words(const FleetReport& report) {
  const FleetReport::Counts& counts = report.counts;
  std::vector<std::string> parts;
  add_count(parts, counts.ok, "ok");
  add_count(parts, counts.partial, "partial");
  add_count(parts, counts.failed, "failed");
  std::string text = fmt::format("{}: {}", hosts_text(counts.hosts), join(parts, ", "));
  if (report.namespaces > counts.hosts) {
    text += fmt::format("; with {} in all", counted(report.namespaces, "network namespace"));
  }
  return text;
}

std::string asked_in_words(const FleetReport::Counts& counts) {
  std::vector<std::string> parts;
  add_count(parts, counts.worst[size_t(Severity::kCritical)], "critical");
  add_count(parts, counts.worst[size_t(Severity::kWarning)], "with a warning");
  add_count(parts, counts.worst[size_t(Severity::kNote)], "with a note");
  if (!parts.empty()) parts.back() += " at worst";
  add_count(parts, counts.nothing, "with nothing asked");
  return join(parts, ", ");
}

std::string verdict_in_words(const FleetReport& report) {
  const FleetReport::Counts& counts = report.counts;
  std::string text =
      counts.asking() == 0
          ? fmt::format("nothing is asked of {}", hosts_text(counts.audited()))
          : fmt::format("something is asked of {} of {}", grouped_digits(counts.asking()),
                        hosts_text(counts.audited()));
  std::vector<std::string> parts;
  add_count(parts, counts.failed, "failed");
  if (report.inventory) add_count(parts, int64_t(report.inventory->missing.size()), "missing");
  add_count(parts, counts.stale, "stale");
  add_count(parts, int64_t(report.pending.size()),
            report.pending.size() == 1 ? "transaction not settled" : "transactions not settled");
  return parts.empty() ? text : text + "; " + join(parts, ", ");
}

std::string taken_in_words(const FleetReport& report) {
  if (report.oldest == report.newest) return report.oldest;
  return fmt::format("{} to {}", report.oldest, report.newest);
}

std::vector<std::string> fleet_remarks(const FleetReport& report) {
  constexpr size_t kNames = 3;
  std::vector<std::string> remarks;
  add_remarks_on_lines(report, remarks);
  if (report.counts.stale > 0) {
    remarks.push_back(fmt::format("the lines of {} are older than {}",
                                  hosts_text(report.counts.stale), age_text(report.stale_seconds)));
  }
  if (!report.from_future.empty()) {
    std::vector<FleetHost> hosts;
    for (const FleetReport::Dated& dated : report.from_future) {
      // The network namespaces of a host stand side by side.
      if (hosts.empty() || hosts.back() != dated.host) hosts.push_back(dated.host);
    }
    remarks.push_back(fmt::format("the clock of {} is ahead: {}", hosts_text(int64_t(hosts.size())),
                                  names_in_words(hosts, kNames)));
  }
  for (size_t i = 0; i < std::min(report.shared_ids.size(), kNames); ++i) {
    remarks.push_back(
        fmt::format("{} have one machine-id: cloned hosts, or one under several names; each counts",
                    names_in_words(report.shared_ids[i].names, kNames)));
  }
  if (report.shared_ids.size() > kNames) {
    remarks.push_back(fmt::format("{} more machine-ids are shared",
                                  grouped_digits(int64_t(report.shared_ids.size() - kNames))));
  }
  if (report.inventory && report.inventory->unknown > 0) {
    remarks.push_back(hosts_text(report.inventory->unknown) + " the inventory does not name");
  }
  return remarks;
}

std::string names_in_words(const std::vector<std::string>& names, size_t most) {
  std::vector<std::string> first(names.begin(),
                                 names.begin() + int64_t(std::min(names.size(), most)));
  std::string text = join(first, ", ");
  if (names.size() > most) {
    text += fmt::format(" and {} more", grouped_digits(int64_t(names.size() - most)));
  }
  return text;
}

std::string names_in_words(const std::vector<FleetHost>& hosts, size_t most) {
  std::vector<std::string> names;
  for (const FleetHost& host : hosts) names.push_back(host.name);
  return names_in_words(names, most);
}

std::string destination_name(const FleetReport::Destination& to) {
  const std::string endpoint = endpoint_text(to.address, to.port);
  return to.address.is_loopback() ? endpoint + " (each host itself)" : endpoint;
}

std::string in_words(const FleetReport::Destination& to) {
  std::string text =
      fmt::format("{} in use by {}", counted(to.ports_in_use, "port"), hosts_text(to.hosts));
  if (to.ports_in_time_wait > 0) {
    text += fmt::format(", {} in TIME_WAIT", grouped_digits(to.ports_in_time_wait));
  }
  return text + fmt::format("; fullest is {} ({})", to.fullest.name,
                            expr::format(to.fullest_share, expr::Style::kPercent));
}

std::string findings_in_words(const FleetReport::WorstHost& worst) {
  const auto of = [&](Severity severity) { return worst.findings[size_t(severity)]; };
  std::vector<std::string> parts;
  add_count(parts, of(Severity::kCritical), "critical");
  add_count(parts, of(Severity::kWarning), of(Severity::kWarning) == 1 ? "warning" : "warnings");
  add_count(parts, of(Severity::kNote), of(Severity::kNote) == 1 ? "note" : "notes");
  std::string text = join(parts, ", ");
  if (worst.namespaces > 1) {
    text += fmt::format(" in {}", counted(worst.namespaces, "network namespace"));
  }
  return text;
}

std::string in_words(const FleetReport::Parameter& one) {
  return fmt::format("{} -> {} on {}", shown(one.now), shown(one.advised), hosts_text(one.hosts));
}

std::string in_words(const FleetReport::Drift& drift) {
  return fmt::format("applied {}, now {} on {}", shown(drift.applied),
                     drift.now ? shown(*drift.now) : "(cannot be read)", hosts_text(drift.hosts));
}

std::string in_words(const FleetReport::Pending& pending) {
  const std::string until = pending.deadline.empty() ? "" : " until " + pending.deadline;
  return fmt::format("transaction {} is {}{}", pending.id, pending.state, until);
}

std::string in_words(const FleetReport::Unknown& unknown, size_t most_rules) {
  return fmt::format("{} ({}: {})", unknown.missing.empty() ? "not told" : unknown.missing,
                     counted(int64_t(unknown.rules.size()), "check"),
                     names_in_words(unknown.rules, most_rules));
}

std::string in_words(const FleetReport::Failure& failure, size_t most_names) {
  return fmt::format("{} ({})", failure.error.empty() ? "not told" : failure.error,
                     names_in_words(failure.hosts, most_names));
}

std::string profiles_in_words(const FleetReport::Profiles& profiles) {
  std::string text = profiles.profiles.empty() ? "(not told)" : join(profiles.profiles, " + ");
  return profiles.hash.empty() ? text : fmt::format("{} ({})", text, profiles.hash);
}

std::string in_words(const FleetReport::Change& change, size_t most_names) {
  std::vector<std::string> parts;
  const auto add = [&](const std::vector<FleetHost>& hosts, const char* what) {
    if (hosts.empty()) return;
    parts.push_back(fmt::format("{} {}: {}", what, hosts_text(int64_t(hosts.size())),
                                names_in_words(hosts, most_names)));
  };
  add(change.newly, "new on");
  add(change.no_longer, "solved on");
  if (change.first_seen > 0) {
    parts.push_back(fmt::format("on {} that were not audited then", hosts_text(change.first_seen)));
  }
  if (change.not_told > 0) {
    parts.push_back(fmt::format("not known now of {} that had it", hosts_text(change.not_told)));
  }
  return join(parts, "; ");
}

std::string since_in_words(const FleetReport::Since& since) {
  std::vector<std::string> parts;
  if (since.hosts_new > 0) parts.push_back(hosts_text(since.hosts_new) + " only now");
  if (since.hosts_gone > 0) parts.push_back(hosts_text(since.hosts_gone) + " only then");
  const std::string audited = parts.empty() ? "" : "audited: " + join(parts, ", ");
  if (!since.changes.empty()) return audited;
  return audited + (audited.empty() ? "" : "; ") + "no finding came or went";
}

std::string group_name(const FleetReport::Group& group, FleetSplit split) {
  return group.name.empty() ? fmt::format("(no {})", name_of(split)) : group.name;
}

std::string in_words(const FleetReport::Counts& counts) {
  std::vector<std::string> parts;
  add_count(parts, counts.partial, "partial");
  add_count(parts, counts.failed, "failed");
  add_count(parts, counts.stale, "stale");
  if (counts.audited() > 0) parts.push_back(asked_in_words(counts));
  return hosts_text(counts.hosts) + ": " + join(parts, ", ");
}

}  // namespace advisor
