#include "render/text_fleet.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "render/fleet_words.h"
#include "render/text_report.h"
#include "render/text_rows.h"

namespace advisor {
namespace {

/// How many names stand behind what hosts have in common.
constexpr size_t kNames = 3;

using Rows = std::vector<TextRow>;

/// A part with a list, of which there are `all`.
std::string list_text(std::string_view title, const Rows& rows, size_t all,
                      const FleetReport& report, const TextStyle& style) {
  const size_t most = style.verbose ? rows.size() : report.top;
  const std::string way = rows.size() == all ? "-v shows all" : "--top N shows N";
  return text_section(title, text_rows(rows, most, all, way, style), style);
}

std::string list_text(std::string_view title, const Rows& rows, const FleetReport& report,
                      const TextStyle& style) {
  return list_text(title, rows, rows.size(), report, style);
}

/// A row of each.
template <typename T, typename Convert>
Rows rows_of(const std::vector<T>& items, Convert convert) {
  Rows rows;
  for (const T& item : items) rows.push_back(convert(item));
  return rows;
}

std::string head_text(const FleetReport& report, const TextStyle& style) {
  std::string text = labelled("Hosts", hosts_in_words(report), style);
  text += labelled("Asked", asked_in_words(report.counts), style);
  text += labelled("Taken", taken_in_words(report), style);
  for (const std::string& remark : fleet_remarks(report)) text += labelled("Note", remark, style);
  return text;
}

std::string finding_text(const FleetReport::Finding& finding, const TextStyle& style) {
  const auto hosts = int64_t(finding.ids.size());
  std::string text = fmt::format(
      "  {}  {}: {}\n", painted(text_word(finding.severity), text_colour(finding.severity), style),
      painted(printable(finding.rule), "1", style), counted(hosts, "host"));
  text += wrapped(finding.title, style.width, "    ");
  return text + wrapped(fmt::format("{}: {}", finding.example.name, finding.evidence), style.width,
                        "    ");
}

std::string findings_text(const FleetReport& report, const TextStyle& style) {
  const size_t all = report.findings.size();
  const size_t shown = style.verbose ? all : std::min(all, report.top);
  std::string text;
  for (size_t i = 0; i < shown; ++i) text += finding_text(report.findings[i], style);
  if (shown < all) {
    text += fmt::format("  and {} more (-v shows all)\n", grouped_digits(int64_t(all - shown)));
  }
  return text_section("Findings", text, style);
}

std::string hosts_text(const FleetReport& report, const TextStyle& style) {
  const Rows worst = rows_of(report.worst_hosts, [](const FleetReport::WorstHost& one) {
    return TextRow{one.host.name, findings_in_words(one)};
  });
  const Rows failures = rows_of(report.failures, [](const FleetReport::Failure& one) {
    return TextRow{counted(int64_t(one.hosts.size()), "host"), in_words(one, kNames)};
  });
  const Rows stale = rows_of(report.stale, [](const FleetReport::Dated& one) {
    return TextRow{one.netns.empty() ? one.host.name : one.host.name + " " + one.netns, one.taken};
  });
  std::string text = list_text("Worst hosts", worst, size_t(report.counts.asking()), report, style);
  text += list_text("Failed", failures, report, style);
  if (report.inventory && !report.inventory->missing.empty()) {
    const std::vector<std::string>& missing = report.inventory->missing;
    const size_t most = style.verbose ? missing.size() : report.top;
    text += text_section("Missing, of the inventory",
                         wrapped(names_in_words(missing, most), style.width, "  "), style);
  }
  return text + list_text("Stale", stale, report, style);
}

std::string load_text(const FleetReport& report, const TextStyle& style) {
  const Rows destinations = rows_of(report.destinations, [](const FleetReport::Destination& to) {
    return TextRow{destination_name(to), in_words(to)};
  });
  const Rows parameters = rows_of(report.parameters, [](const FleetReport::Parameter& one) {
    return TextRow{one.parameter, in_words(one)};
  });
  return list_text("Destinations of all hosts", destinations, size_t(report.destination_count),
                   report, style) +
         list_text("Parameters to change", parameters, report, style);
}

std::string state_text(const FleetReport& report, const TextStyle& style) {
  const auto counted_row = [](const FleetReport::Counted& one) {
    return TextRow{one.what, counted(one.hosts, "host")};
  };
  const Rows pending = rows_of(report.pending, [](const FleetReport::Pending& one) {
    return TextRow{one.host.name, in_words(one)};
  });
  const Rows drift = rows_of(report.drift, [](const FleetReport::Drift& one) {
    return TextRow{one.parameter, in_words(one)};
  });
  std::string text = list_text("Transactions that are not settled", pending, report, style);
  text += list_text("Changed since it was applied", drift, report, style);
  text +=
      list_text("Lost at the next boot", rows_of(report.lost_at_boot, counted_row), report, style);
  return text + list_text("Lines of files that are not in effect",
                          rows_of(report.not_in_effect, counted_row), report, style);
}

std::string unknown_text(const FleetReport& report, const TextStyle& style) {
  const size_t most_rules = style.verbose ? size_t(-1) : kNames;
  Rows rows = rows_of(report.unknown, [&](const FleetReport::Unknown& one) {
    return TextRow{counted(one.hosts, "host"), in_words(one, most_rules)};
  });
  if (report.boot_unread > 0) {
    rows.push_back(
        {counted(report.boot_unread, "host"), "what decides on the next boot was not read"});
  }
  return list_text("Not known", rows, report, style);
}

std::string mix_text(const FleetReport& report, const TextStyle& style) {
  const Rows versions = rows_of(report.versions, [](const FleetReport::Counted& one) {
    return TextRow{one.what.empty() ? "(not told)" : one.what, counted(one.hosts, "host")};
  });
  const Rows profiles = rows_of(report.profiles, [](const FleetReport::Profiles& one) {
    return TextRow{profiles_in_words(one), counted(one.hosts, "host")};
  });
  const Rows groups = rows_of(report.groups, [&](const FleetReport::Group& one) {
    return TextRow{group_name(one, report.split), in_words(one.counts)};
  });
  const std::string title = fmt::format("By {}", name_of(report.split));
  return list_text(title, groups, report, style) + list_text("Profiles", profiles, report, style) +
         list_text("Versions of sysctl-advisor", versions, report, style);
}

std::string since_text(const FleetReport& report, const TextStyle& style) {
  if (!report.since) return "";
  const size_t most_names = style.verbose ? size_t(-1) : kNames;
  const Rows rows = rows_of(report.since->changes, [&](const FleetReport::Change& change) {
    return TextRow{change.rule, in_words(change, most_names)};
  });
  const std::string remark = since_in_words(*report.since);
  std::string text = remark.empty() ? "" : wrapped(remark, style.width, "  ");
  text +=
      text_rows(rows, style.verbose ? rows.size() : report.top, rows.size(), "-v shows all", style);
  return text_section("Since " + printable(report.since->made), text, style);
}

}  // namespace

std::string text_fleet(const FleetReport& report, const TextStyle& style) {
  return head_text(report, style) + since_text(report, style) + findings_text(report, style) +
         hosts_text(report, style) + load_text(report, style) + state_text(report, style) +
         unknown_text(report, style) + mix_text(report, style) + "\n" + verdict_in_words(report) +
         "\n";
}

}  // namespace advisor
