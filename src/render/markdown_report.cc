#include "render/markdown_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "render/finding_groups.h"
#include "render/load_words.h"
#include "render/markdown.h"
#include "render/report_words.h"
#include "render/style.h"
#include "render/text_report.h"

namespace advisor {
namespace {

/// How many destinations and full listeners are named.
constexpr size_t kListedInTicket = 3;

using Findings = std::vector<const Finding*>;

/// "- **Seen:** ..."; nothing if there is no text.
std::string item(const char* label, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("- **{}:** {}\n", label, markdown_text(text));
}

/// The same of a sentence of ours, with its commands as code.
std::string prose_item(const char* label, std::string_view sentence) {
  if (sentence.empty()) return {};
  return fmt::format("- **{}:** {}\n", label, markdown_prose(sentence));
}

std::string change_items(const Finding& finding) {
  std::string text;
  for (const Recommendation& wanted : finding.recommendations) {
    text += fmt::format("- {}: {} → **{}**\n", markdown_code(wanted.parameter.dotted()),
                        markdown_code(shown(wanted.now.text())),
                        markdown_code(shown(wanted.advised.text())));
    for (const std::string& remark : remarks_on(wanted)) {
      text += fmt::format("  - {}\n", markdown_text(remark));
    }
  }
  return text;
}

/// All that a finding says, an item each.
std::string finding_items(const Finding& finding) {
  std::string text = change_items(finding);
  for (const LeftOut& one : finding.left_out) text += item("Left out", in_words(one));
  text += item("Seen", finding.evidence);
  if (finding.evidence.empty() && !finding.details.empty()) text += "- **Seen:**\n";
  for (const std::string& detail : finding.details) {
    text += fmt::format("  - {}\n", markdown_text(detail));
  }
  text += item("Why", finding.because);
  text += prose_item("Besides", finding.remedy);
  text += item("Cost", finding.cost);
  for (const std::string& missing : finding.missing) text += item("Missing", missing);
  for (const SharedText& reference : finding.reference) {
    text += fmt::format("- **See:** {}\n", markdown_link(reference, address_of_source(reference)));
  }
  return text;
}

std::string finding_section(const Finding& finding) {
  const std::string items = finding_items(finding);
  return fmt::format("\n#### {}: {}\n\n{}\n{}{}", text_word(finding), markdown_text(finding.title),
                     markdown_code(finding.rule), items.empty() ? "" : "\n", items);
}

std::string head(const Report& report, const PageExtras& extras) {
  const Snapshot& snapshot = report.snapshot;
  std::string text = fmt::format("### sysctl-advisor audit of {}\n\n**{}**\n\n",
                                 markdown_code(snapshot.host.name), summary_line(report));
  text += fmt::format("- **Host:** kernel {}, {}, {}\n", markdown_text(snapshot.host.kernel),
                      markdown_text(profiles_in_words(report)), sampling_in_words(snapshot));
  for (const std::string& remark : host_remarks(snapshot.host)) text += prose_item("Host", remark);
  return text + fmt::format("- **Taken:** {}, by sysctl-advisor {}\n",
                            markdown_text(time_in_words(snapshot)), markdown_text(extras.version));
}

std::string load_items(const Snapshot& snapshot) {
  if (!snapshot.sockets) return item("Load", snapshot.sockets.error().message);
  const SocketLoad& load = *snapshot.sockets;
  std::string text = item("Load", load_in_words(load));
  const size_t listed = std::min(kListedInTicket, load.destinations.size());
  for (size_t i = 0; i < listed; ++i) text += item("Towards", in_words(load.destinations[i]));
  for (const std::string& remark : load_remarks(load, listed)) text += item("Load", remark);
  for (size_t i = 0; i < std::min(kListedInTicket, load.listeners.size()); ++i) {
    const ListenerLoad& listener = load.listeners[i];
    if (listener.backlog && listener.excess() > 0) text += item("Full", in_words(listener));
  }
  if (!snapshot.kernel_log) return text;
  for (const KernelLogHint& hint : *snapshot.kernel_log) text += item("Log", in_words(hint));
  return text;
}

/// What could not be judged, and to how many rules each thing was missing.
std::string unknown_section(const Findings& unknown) {
  if (unknown.empty()) return {};
  std::string text =
      fmt::format("\n#### Not known: {}\n\n", counted(int64_t(unknown.size()), "check"));
  for (const auto& [missing, findings] : by_what_is_missing(unknown)) {
    text += fmt::format("- {} ({})\n", missing.empty() ? "not told" : markdown_text(missing),
                        counted(int64_t(findings.size()), "check"));
  }
  return text;
}

std::string suppressed_section(const Findings& suppressed) {
  if (suppressed.empty()) return {};
  std::string text = "\n#### Suppressed\n\n";
  for (const Finding* finding : suppressed) {
    text += fmt::format("- {}: {}\n", markdown_code(finding->rule),
                        markdown_text(in_words(*finding->suppressed)));
  }
  return text;
}

}  // namespace

std::string markdown_report(const Report& report, const PageExtras& extras) {
  const FindingGroups groups = grouped(report);
  std::string text = head(report, extras) + load_items(report.snapshot);
  text += item("Memory", memory_in_words(report));
  for (const std::string& objection : report.objections) text += item("Objection", objection);
  for (const Finding* finding : groups.advice) text += finding_section(*finding);
  for (const Finding* finding : groups.boot) text += finding_section(*finding);
  text += unknown_section(groups.unknown) + suppressed_section(groups.suppressed);
  if (!extras.pod.empty()) {
    text += "\n#### For whoever starts it\n\n" + markdown_code_block(extras.pod);
  }
  if (!extras.next_step.empty()) text += "\n" + markdown_prose(extras.next_step) + "\n";
  return text;
}

}  // namespace advisor
