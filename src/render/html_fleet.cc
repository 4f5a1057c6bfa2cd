#include "render/html_fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"
#include "expr/format.h"
#include "render/fleet_words.h"
#include "render/html_bars.h"
#include "render/html_finding.h"
#include "render/html_page.h"
#include "render/html_table.h"
#include "render/style.h"

namespace advisor {
namespace {

/// How many names stand behind what hosts have in common.
constexpr size_t kNamesOnPage = 10;

template <typename T>
std::span<const T> first_of(const std::vector<T>& items, size_t most) {
  return {items.data(), std::min(items.size(), most)};
}

/// How many of `all` are not on the page.
Html more_html(size_t shown, size_t all) {
  if (shown >= all) return {};
  return html_paragraph(fmt::format("and {} more; `--top` takes more of them onto the page",
                                    grouped_digits(int64_t(all - shown))));
}

Html count_cell(int64_t count) {
  return Html().prose(grouped_digits(count));
}

/// A section with a table of the first items, of which there are `all`.
template <typename T, typename Cells>
Html table_section(std::string_view heading, HtmlTable table, const std::vector<T>& items,
                   size_t top, size_t all, Cells cells) {
  if (items.empty()) return {};
  for (const T& item : first_of(items, top)) table.rows.push_back(cells(item));
  const size_t shown = table.rows.size();
  return html_section(heading, html_table(table).add(more_html(shown, all)));
}

Html tiles_html(const FleetReport& report) {
  const FleetReport::Counts& counts = report.counts;
  const auto worst = [&](Severity severity) { return counts.worst[size_t(severity)]; };
  Html tiles;
  tiles.add(html_count("critical", worst(Severity::kCritical), "critical"));
  tiles.add(html_count("warning", worst(Severity::kWarning), "with a warning"));
  tiles.add(html_count("note", worst(Severity::kNote), "with a note"));
  tiles.add(html_count("satisfied", counts.nothing, "nothing to change"));
  tiles.add(html_count("unknown", counts.partial, "partial"));
  tiles.add(html_count("critical", counts.failed, "failed"));
  tiles.add(html_count("suppressed", counts.stale, "stale"));
  const int64_t missing = report.inventory ? int64_t(report.inventory->missing.size()) : 0;
  tiles.add(html_count("critical", missing, "missing"));
  return html_counts(tiles);
}

Html head_html(const FleetReport& report) {
  Html html("<header>\n<p class=\"kicker\">sysctl-advisor report</p>\n<h1>");
  html.prose(counted(report.counts.hosts, "host")).raw("</h1>\n<p class=\"verdict\">");
  std::string verdict = verdict_in_words(report);
  verdict[0] = char(toupper(verdict[0]));
  html.prose(verdict).raw("</p>\n");
  Html rows = html_fact("Hosts", Html().prose(hosts_in_words(report)));
  rows.add(html_fact("Taken", Html().text(taken_in_words(report))));
  rows.add(html_fact("Made", Html().text(report.made)));
  rows.add(html_fact("Note", html_list(fleet_remarks(report))));
  return html.add(html_facts(rows)).add(tiles_html(report)).raw("</header>\n");
}

/// "812 hosts (8 %)" as a bar.
Bar hosts_bar(const FleetReport::Finding& finding, int64_t audited) {
  const auto hosts = int64_t(finding.ids.size());
  const double share = double(hosts) / double(std::max<int64_t>(audited, 1));
  const BarKind kind = finding.severity == Severity::kCritical ? BarKind::kFull : BarKind::kLive;
  Bar bar;
  bar.label = finding.rule;
  bar.said =
      fmt::format("{} ({})", counted(hosts, "host"), expr::format(share, expr::Style::kPercent));
  bar.whole = audited;
  bar.parts = {{kind, hosts}};
  return bar;
}

Html finding_html(const FleetReport::Finding& finding, int64_t audited) {
  Html html("<article class=\"finding ");
  html.raw(html_class(finding.severity)).raw("\">\n<h3>").add(html_badge(finding.severity));
  html.prose(finding.title).raw("</h3>\n").add(html_bars({hosts_bar(finding, audited)}));
  html.raw("<p><span class=\"soft\">").text(finding.example.name).raw(":</span> ");
  return html.prose(finding.evidence).raw("</p>\n</article>\n");
}

Html findings_html(const FleetReport& report) {
  if (report.findings.empty()) return {};
  Html html;
  for (const FleetReport::Finding& finding : first_of(report.findings, report.top)) {
    html.add(finding_html(finding, report.counts.audited()));
  }
  html.add(more_html(report.top, report.findings.size()));
  return html_section("Findings", html);
}

Html since_html(const FleetReport& report) {
  if (!report.since) return {};
  HtmlTable table{"New and solved findings", {{"Rule"}, {"Hosts"}}, {}};
  const std::vector<FleetReport::Change>& changes = report.since->changes;
  for (const FleetReport::Change& change : first_of(changes, report.top)) {
    table.rows.push_back({html_code(change.rule), Html().prose(in_words(change, kNamesOnPage))});
  }
  Html html = html_paragraph(since_in_words(*report.since));
  if (!table.rows.empty()) html.add(html_table(table)).add(more_html(report.top, changes.size()));
  return html_section("Since " + report.since->made, html);
}

Html worst_html(const FleetReport& report) {
  HtmlTable table{
      "Hosts with the most that is asked of them",
      {{"Host"}, {"Critical", true}, {"Warnings", true}, {"Notes", true}, {"Taken", true}},
      {}};
  return table_section("Worst hosts", table, report.worst_hosts, report.top,
                       size_t(report.counts.asking()), [](const FleetReport::WorstHost& one) {
                         const auto of = [&](Severity severity) {
                           return count_cell(one.findings[size_t(severity)]);
                         };
                         return std::vector<Html>{Html().text(one.host.name),
                                                  of(Severity::kCritical), of(Severity::kWarning),
                                                  of(Severity::kNote), Html().text(one.taken)};
                       });
}

/// Hosts that nobody hears of, or not of late.
Html silent_html(const FleetReport& report) {
  Html html;
  if (!report.failures.empty()) {
    std::vector<std::string> sentences;
    for (const FleetReport::Failure& failure : first_of(report.failures, report.top)) {
      sentences.push_back(counted(int64_t(failure.hosts.size()), "host") + ": " +
                          in_words(failure, kNamesOnPage));
    }
    html.raw("<h3>Failed</h3>\n").add(html_list(sentences));
    html.add(more_html(report.top, report.failures.size()));
  }
  if (report.inventory && !report.inventory->missing.empty()) {
    html.raw("<h3>Missing, of the inventory</h3>\n");
    html.add(html_paragraph(names_in_words(report.inventory->missing, report.top)));
  }
  if (!report.stale.empty()) {
    std::vector<std::string> sentences;
    for (const FleetReport::Dated& dated : first_of(report.stale, report.top)) {
      const std::string netns = dated.netns.empty() ? "" : " " + dated.netns;
      sentences.push_back(dated.host.name + netns + ": " + dated.taken);
    }
    html.raw("<h3>Stale</h3>\n").add(html_list(sentences));
    html.add(more_html(report.top, report.stale.size()));
  }
  return html.empty() ? html : html_section("Failed, missing, stale", html);
}

Html destinations_html(const FleetReport& report) {
  if (report.destinations.empty()) return {};
  std::vector<Bar> bars;
  for (const FleetReport::Destination& to : report.destinations) {
    Bar& bar = bars.emplace_back();
    bar.label = destination_name(to);
    bar.said = in_words(to);
    bar.whole = report.destinations.front().ports_in_use;
    bar.parts = {{BarKind::kLive, to.ports_in_use - to.ports_in_time_wait},
                 {BarKind::kWaiting, to.ports_in_time_wait}};
  }
  Html html = html_legend({{BarKind::kLive, "connections"}, {BarKind::kWaiting, "TIME_WAIT"}}, "");
  html.add(html_bars(bars)).add(more_html(bars.size(), size_t(report.destination_count)));
  return html_section("Local ports in use, of all hosts, towards each destination", html);
}

Html parameters_html(const FleetReport& report) {
  HtmlTable table{"Values that findings want to change",
                  {{"Parameter"}, {"Now"}, {"Advised"}, {"Hosts", true}},
                  {}};
  return table_section("Parameters to change", table, report.parameters, report.top,
                       report.parameters.size(), [](const FleetReport::Parameter& one) {
                         return std::vector<Html>{
                             html_code(one.parameter), html_code(shown(one.now)),
                             html_code(shown(one.advised)), count_cell(one.hosts)};
                       });
}

Html counted_section(std::string_view heading, const std::string& column,
                     const std::string& caption, const std::vector<FleetReport::Counted>& items,
                     const FleetReport& report) {
  return table_section(heading, {caption, {{column}, {"Hosts", true}}, {}}, items, report.top,
                       items.size(), [](const FleetReport::Counted& one) {
                         return std::vector<Html>{
                             html_code(one.what.empty() ? "(not told)" : one.what),
                             count_cell(one.hosts)};
                       });
}

Html state_html(const FleetReport& report) {
  Html html = table_section(
      "Transactions that are not settled",
      {"Somebody has to confirm or recover them", {{"Host"}, {"Transaction"}}, {}}, report.pending,
      report.top, report.pending.size(), [](const FleetReport::Pending& one) {
        return std::vector<Html>{Html().text(one.host.name), Html().prose(in_words(one))};
      });
  html.add(table_section(
      "Changed since it was applied",
      {"Parameters that do not stand as a transaction set them", {{"Parameter"}, {"Value"}}, {}},
      report.drift, report.top, report.drift.size(), [](const FleetReport::Drift& one) {
        return std::vector<Html>{html_code(one.parameter), Html().prose(in_words(one))};
      }));
  html.add(counted_section("Lost at the next boot", "Parameter", "What the profiles need",
                           report.lost_at_boot, report));
  return html.add(counted_section("Lines of files that are not in effect", "Line",
                                  "Where they stand", report.not_in_effect, report));
}

Html unknown_html(const FleetReport& report) {
  std::vector<std::string> sentences;
  for (const FleetReport::Unknown& unknown : first_of(report.unknown, report.top)) {
    sentences.push_back(counted(unknown.hosts, "host") + ": " + in_words(unknown, kNamesOnPage));
  }
  if (report.boot_unread > 0) {
    sentences.push_back(counted(report.boot_unread, "host") +
                        ": what decides on the next boot was not read");
  }
  if (sentences.empty()) return {};
  return html_section("Not known, and what was missing",
                      html_list(sentences).add(more_html(report.top, report.unknown.size())));
}

Html mix_html(const FleetReport& report) {
  Html html =
      table_section(fmt::format("By {}", name_of(report.split)),
                    {"The counts of each", {{name_of(report.split)}, {"Hosts"}}, {}}, report.groups,
                    report.top, report.groups.size(), [&](const FleetReport::Group& group) {
                      return std::vector<Html>{Html().text(group_name(group, report.split)),
                                               Html().prose(in_words(group.counts))};
                    });
  html.add(table_section(
      "Profiles", {"What the hosts were held against", {{"Profiles"}, {"Hosts", true}}, {}},
      report.profiles, report.top, report.profiles.size(), [](const FleetReport::Profiles& one) {
        return std::vector<Html>{html_code(profiles_in_words(one)), count_cell(one.hosts)};
      }));
  return html.add(counted_section("Versions", "Version", "On the hosts", report.versions, report));
}

}  // namespace

std::string html_fleet(const FleetReport& report, const std::string& version) {
  Html body = head_html(report);
  body.add(since_html(report)).add(findings_html(report)).add(worst_html(report));
  body.add(silent_html(report)).add(destinations_html(report)).add(parameters_html(report));
  body.add(state_html(report)).add(unknown_html(report)).add(mix_html(report));
  body.raw("<footer>sysctl-advisor ").text(version).raw("</footer>\n");
  return html_page("sysctl-advisor: " + counted(report.counts.hosts, "host"), body);
}

}  // namespace advisor
