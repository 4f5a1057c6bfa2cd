#include "render/html_report.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "render/finding_groups.h"
#include "render/html_finding.h"
#include "render/html_load.h"
#include "render/html_page.h"
#include "render/report_words.h"

namespace advisor {
namespace {

/// From how many findings on a list of their titles stands before them.
constexpr size_t kWorthAGlance = 2;

Html counts_html(const FindingCounts& counts) {
  const int64_t warnings = counts.of(Severity::kWarning), notes = counts.of(Severity::kNote);
  Html tiles;
  tiles.add(html_count("critical", counts.of(Severity::kCritical), "critical"));
  tiles.add(html_count("warning", warnings, warnings == 1 ? "warning" : "warnings"));
  tiles.add(html_count("note", notes, notes == 1 ? "note" : "notes"));
  tiles.add(html_count("info", counts.of(Severity::kInfo), "to know"));
  tiles.add(html_count("unknown", counts.unknown, "unknown"));
  tiles.add(html_count("not-applicable", counts.not_applicable, "not applicable"));
  tiles.add(html_count("suppressed", counts.suppressed, "suppressed"));
  tiles.add(html_count("satisfied", counts.satisfied, "fine"));
  Html html = html_counts(tiles);
  html.raw("<p class=\"soft\">");
  return html.prose(counted(counts.total(), "check") + " in all").raw("</p>\n");
}

/// "3 findings ask for something".
std::string verdict_in_words(const FindingCounts& counts) {
  const int64_t asking = counts.asking();
  if (asking == 0) return "Nothing to change";
  return counted(asking, "finding") + (asking == 1 ? " asks" : " ask") + " for something";
}

Html head_html(const Report& report, const PageExtras& extras) {
  const Snapshot& snapshot = report.snapshot;
  const FindingCounts counts = counts_of(report.findings);
  Html html("<header>\n<p class=\"kicker\">sysctl-advisor audit</p>\n<h1>");
  html.text(snapshot.host.name).raw("</h1>\n<p class=\"verdict\">");
  html.prose(verdict_in_words(counts)).raw("</p>\n");
  Html rows = html_fact("Kernel", Html().text(snapshot.host.kernel));
  rows.add(html_fact("Taken", Html().text(time_in_words(snapshot))));
  rows.add(html_fact(report.profiles.size() == 1 ? Markup("Profile") : Markup("Profiles"),
                     Html().text(join(report.profiles, " + "))));
  rows.add(html_fact("Sampled", Html().prose(sampling_in_words(snapshot))));
  rows.add(html_fact("Note", html_list(host_remarks(snapshot.host))));
  rows.add(html_fact("Memory", html_paragraph(memory_in_words(report))));
  html.add(html_facts(rows)).add(counts_html(counts));
  if (!extras.next_step.empty()) {
    html.raw("<div class=\"next\">").add(html_paragraph(extras.next_step)).raw("</div>\n");
  }
  for (const std::string& objection : report.objections) {
    html.raw("<div class=\"objection\">").add(html_paragraph(objection)).raw("</div>\n");
  }
  return html.raw("</header>\n");
}

using Findings = std::vector<const Finding*>;

/// By which the page tells one finding from the others: its place in the report.
int64_t number_of(const Finding& finding, const Report& report) {
  return &finding - report.findings.data() + 1;
}

/// A line for each finding of which there is a block, worst first, which leads to it.
Html glance_html(const Report& report) {
  Html lines;
  size_t count = 0;
  for (const Finding& finding : report.findings) {
    if (finding.verdict != Verdict::kViolated || finding.suppressed) continue;
    ++count;
    lines.raw("<li>").add(html_badge(finding)).raw("<a href=\"#finding-");
    lines.number(number_of(finding, report)).raw("\">").prose(finding.title).raw("</a> ");
    lines.add(html_code(finding.rule)).raw("</li>\n");
  }
  if (count < kWorthAGlance) return {};
  return Html("<ol class=\"glance\">\n").add(lines).raw("</ol>\n");
}

Html blocks_html(std::string_view heading, const Findings& findings, const Report& report) {
  if (findings.empty()) return {};
  Html html;
  for (const Finding* finding : findings) {
    html.add(html_finding(*finding, number_of(*finding, report)));
  }
  return html_section(heading, html);
}

/// Why findings are unknown, and which.
Html unknown_html(const Findings& unknown) {
  if (unknown.empty()) return {};
  Html html("<ul class=\"missing\">\n");
  for (const auto& [missing, findings] : by_what_is_missing(unknown)) {
    html.raw("<li>").prose(missing.empty() ? "not told" : missing).raw(" <span class=\"soft\">(");
    html.prose(counted(int64_t(findings.size()), "check")).raw(")</span><div class=\"ids\">");
    for (const Finding* finding : findings) html.add(html_code(finding->rule)).raw(" ");
    html.raw("</div></li>\n");
  }
  const std::string heading = fmt::format("Not known, and what was missing ({})", unknown.size());
  return html_section(heading, html.raw("</ul>\n"));
}

Html suppressed_html(const Findings& suppressed) {
  if (suppressed.empty()) return {};
  Html html;
  for (const Finding* finding : suppressed) html.add(html_suppressed(*finding));
  return html_section(fmt::format("Suppressed ({})", suppressed.size()), html);
}

/// Checks that have little to say, folded up.
Html checks_html(std::string_view what, const Findings& findings) {
  if (findings.empty()) return {};
  Html html("<details><summary>");
  html.prose(counted(int64_t(findings.size()), "check")).raw(" ").text(what);
  html.raw("</summary>\n<ul class=\"checks\">\n");
  for (const Finding* finding : findings) {
    html.raw("<li>").add(html_code(finding->rule)).raw(" ").prose(finding->title);
    std::vector<std::string> reasons;
    if (!finding->not_applicable.empty()) reasons.push_back(finding->not_applicable);
    for (const LeftOut& one : finding->left_out) reasons.push_back(in_words(one));
    html.add(html_list(reasons)).raw("</li>\n");
  }
  return html.raw("</ul></details>\n");
}

Html rest_html(const FindingGroups& groups) {
  Html html = checks_html("not applicable", groups.not_applicable);
  html.add(checks_html("fine", groups.fine));
  return html.empty() ? html : html_section("The other checks", html);
}

Html pod_html(const std::string& pod) {
  if (pod.empty()) return {};
  return html_section("For whoever starts it", Html("<pre>").text(pod).raw("</pre>\n"));
}

}  // namespace

std::string html_report(const Report& report, const PageExtras& extras) {
  const FindingGroups groups = grouped(report);
  Html body = head_html(report, extras);
  body.add(glance_html(report)).add(blocks_html("Findings", groups.advice, report));
  body.add(blocks_html("The next boot", groups.boot, report)).add(html_load(report.snapshot));
  body.add(unknown_html(groups.unknown)).add(suppressed_html(groups.suppressed));
  body.add(rest_html(groups)).add(pod_html(extras.pod));
  body.raw("<footer>sysctl-advisor ").text(extras.version).raw("</footer>\n");
  return html_page("sysctl-advisor: " + report.snapshot.host.name, body);
}

}  // namespace advisor
