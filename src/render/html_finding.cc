#include "render/html_finding.h"

#include <string>

#include "render/html_page.h"
#include "render/report_words.h"
#include "render/style.h"
#include "render/text_report.h"

namespace advisor {
namespace {

Html reference_html(std::string_view reference) {
  const std::string address = address_of_source(reference);
  if (address.empty()) return Html().text(reference);
  Html html("<a rel=\"noreferrer\" href=\"");
  return html.text(address).raw("\">").text(reference).raw("</a>");
}

Html references_html(const Finding& finding) {
  Html html;
  for (const SharedText& reference : finding.reference) {
    if (!html.empty()) html.raw("<br>");
    html.add(reference_html(reference));
  }
  return html;
}

Html badge_html(Markup kind, std::string_view word) {
  Html html("<span class=\"badge ");
  return html.raw(kind).raw("\">").text(word).raw("</span>");
}

/// A value, with the word for it.
Html value_html(Markup kind, const ParameterValue& value) {
  Html html("<span class=\"value ");
  html.raw(kind).raw("\"><span class=\"soft\">").raw(kind).raw("</span> ");
  return html.add(html_code(shown(value.text()))).raw("</span>");
}

Html change_html(const Recommendation& wanted) {
  Html html("<p>");
  html.add(html_code(wanted.parameter.dotted())).raw("<br>").add(value_html("now", wanted.now));
  html.raw(" <span class=\"soft\" aria-hidden=\"true\">&rarr;</span> ");
  return html.add(value_html("advised", wanted.advised)).raw("</p>\n");
}

Html changes_html(const Finding& finding) {
  Html html;
  for (const Recommendation& wanted : finding.recommendations) {
    html.raw("<div class=\"change\">").add(change_html(wanted));
    html.add(html_list(remarks_on(wanted))).raw("</div>\n");
  }
  return html;
}

Html left_out_html(const Finding& finding) {
  std::vector<std::string> sentences;
  for (const LeftOut& one : finding.left_out) sentences.push_back(in_words(one));
  return html_list(sentences);
}

Html values_html(const Finding& finding) {
  if (finding.observed.empty()) return {};
  Html html("<details class=\"values\"><summary>Values that the rule looked at</summary>\n<ul>\n");
  for (const Observed& seen : finding.observed) {
    html.raw("<li>").add(html_code(seen.expression)).raw(" = ");
    html.add(html_code(seen.value)).raw("</li>\n");
  }
  return html.raw("</ul></details>\n");
}

Html controls_html(const Finding& finding) {
  Html html;
  for (const SharedText& control : finding.controls) {
    html.text(html.empty() ? "" : ", ").text(control);
  }
  return html;
}

Html facts_of(const Finding& finding) {
  Html rows;
  rows.add(html_fact("Left out", left_out_html(finding)));
  rows.add(html_fact("Seen", html_paragraph(finding.evidence).add(html_list(finding.details))));
  rows.add(html_fact("Why", html_paragraph(finding.because)));
  rows.add(html_fact("Besides", html_paragraph(finding.remedy)));
  rows.add(html_fact("Cost", html_paragraph(finding.cost)));
  rows.add(html_fact("Missing", html_list(finding.missing)));
  rows.add(html_fact("Controls", controls_html(finding)));
  rows.add(html_fact("Sources", references_html(finding)));
  return html_facts(rows);
}

}  // namespace

Markup html_class(const Finding& finding) {
  if (finding.suppressed) return "suppressed";
  switch (finding.verdict) {
    case Verdict::kSatisfied:
      return "satisfied";
    case Verdict::kNotApplicable:
      return "not-applicable";
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kViolated:
      break;
  }
  return html_class(finding.severity);
}

Markup html_class(Severity severity) {
  constexpr Markup kClasses[] = {"info", "note", "warning", "critical"};
  return kClasses[size_t(severity)];
}

Html html_badge(const Finding& finding) {
  return badge_html(html_class(finding), text_word(finding));
}

Html html_badge(Severity severity) {
  return badge_html(html_class(severity), text_word(severity));
}

Html html_finding(const Finding& finding, int64_t number) {
  Html html("<article class=\"finding ");
  html.raw(html_class(finding)).raw("\" id=\"finding-").number(number).raw("\">\n<h3>");
  html.add(html_badge(finding)).prose(finding.title).raw("</h3>\n<p class=\"id\">");
  html.add(html_code(finding.rule)).raw("</p>\n");
  html.add(changes_html(finding)).add(facts_of(finding)).add(values_html(finding));
  return html.raw("</article>\n");
}

Html html_suppressed(const Finding& finding) {
  Html html("<article class=\"finding suppressed\">\n<h3>");
  html.add(html_badge(finding)).prose(finding.title).raw("</h3>\n<p class=\"id\">");
  html.add(html_code(finding.rule)).raw("</p>\n");
  for (const Recommendation& wanted : finding.recommendations) html.add(change_html(wanted));
  Html rows = html_fact("Reason", html_paragraph(in_words(*finding.suppressed)));
  rows.add(html_fact("Seen", html_paragraph(finding.evidence)));
  return html.add(html_facts(rows)).raw("</article>\n");
}

}  // namespace advisor
