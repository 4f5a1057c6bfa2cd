#include "render/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "expr/format.h"
#include "render/observed_text.h"
#include "render/report_words.h"
#include "render/text_brief.h"
#include "render/text_load.h"
#include "render/text_plan.h"

namespace advisor {
namespace {

/// From how many findings on those that were told at length are named once more at the end.
constexpr int kWorthABlock = 2;

/// Broken anywhere, for values that are long without blanks (lists of ports).
std::string folded(std::string_view text, const TextStyle& style) {
  constexpr std::string_view kIndent = "    ";
  const size_t room = style.width - kIndent.size();
  std::string lines;
  for (; !text.empty(); text.remove_prefix(std::min(room, text.size()))) {
    lines += fmt::format("{}{}\n", kIndent, text.substr(0, room));
  }
  return lines;
}

std::string recommendation_text(const Recommendation& wanted, const TextStyle& style) {
  const std::string_view name = wanted.parameter.dotted();
  const std::string now = shown(wanted.now.text()), advised = shown(wanted.advised.text());
  std::string text = fmt::format("  {}  {} -> {}\n", name, now, painted(advised, "1", style));
  if (name.size() + now.size() + advised.size() + 8 > style.width) {
    text = fmt::format("  {}\n", name) + folded("now:     " + now, style) +
           folded("advised: " + advised, style);
  }
  for (const std::string& remark : remarks_on(wanted)) text += wrapped(remark, style.width, "    ");
  return text;
}

/// Whether all that the finding would ask for is left out.
bool is_closed(const Finding& finding) {
  return finding.verdict == Verdict::kNotApplicable && !finding.left_out.empty() &&
         !finding.suppressed;
}

/// Whether the finding neither asks for anything nor misses anything.
bool is_quiet(const Finding& finding) {
  return finding.verdict == Verdict::kSatisfied || finding.verdict == Verdict::kNotApplicable;
}

std::string suppression_text(const Finding& finding, const TextStyle& style) {
  std::string text = labelled("Reason", in_words(*finding.suppressed), style);
  for (const Recommendation& wanted : finding.recommendations) {
    text += fmt::format("  {}  {} -> {}\n", wanted.parameter.dotted(), shown(wanted.now.text()),
                        shown(wanted.advised.text()));
  }
  return text + labelled("Seen", finding.evidence, style);
}

std::string finding_text(const Finding& finding, const TextStyle& style) {
  std::string text = text_heading(finding, style);
  if (is_quiet(finding) && !finding.suppressed && finding.left_out.empty()) {
    return text + labelled("Reason", finding.not_applicable, style);
  }
  text += text_details(finding, style);
  return text + (style.verbose && !finding.suppressed ? text_values(finding, style) : "") + "\n";
}

std::string in_capitals(std::string word) {
  std::ranges::transform(word, word.begin(), [](char c) { return char(toupper(c)); });
  return word;
}

}  // namespace

const char* text_colour(const Finding& finding) {
  if (finding.verdict == Verdict::kUnknown) return "35";
  if (finding.verdict == Verdict::kSatisfied) return "32";
  return text_colour(finding.severity);
}

const char* text_colour(Severity severity) {
  constexpr const char* kColors[] = {"36", "34", "33", "1;31"};
  return kColors[size_t(severity)];
}

std::string text_word(const Finding& finding) {
  const auto word = [&]() -> const char* {
    if (finding.suppressed) return "suppressed";
    switch (finding.verdict) {
      case Verdict::kViolated:
        return name_of(finding.severity);
      case Verdict::kUnknown:
        return "unknown";
      case Verdict::kNotApplicable:
        return "not applicable";
      case Verdict::kSatisfied:
        break;
    }
    return "ok";
  };
  return in_capitals(word());
}

std::string text_word(Severity severity) {
  return in_capitals(name_of(severity));
}

std::string text_host(const Report& report, const TextStyle& style) {
  const Host& host = report.snapshot.host;
  std::string text =
      labelled("Host",
               fmt::format("{}, kernel {}, {}, {}", host.name, host.kernel,
                           profiles_in_words(report), sampling_in_words(report.snapshot)),
               style);
  for (const std::string& remark : host_remarks(host)) text += labelled("", remark, style);
  return text;
}

std::string listed(const std::vector<SharedText>& texts) {
  return join({texts.begin(), texts.end()}, ", ");
}

std::string text_heading(const Finding& finding, const TextStyle& style) {
  return fmt::format("{}  {}\n", painted(text_word(finding), text_colour(finding), style),
                     painted(finding.rule, "1", style)) +
         wrapped(finding.title, style.width, "  ");
}

std::string text_details(const Finding& finding, const TextStyle& style) {
  if (finding.suppressed) return suppression_text(finding, style);
  std::string text;
  for (const Recommendation& wanted : finding.recommendations) {
    text += recommendation_text(wanted, style);
  }
  text += text_left_out(finding.left_out, style);
  text += labelled("Seen", finding.evidence, style);
  for (const std::string& detail : finding.details)
    text += wrapped("- " + detail, style.width, "  ");
  text += labelled("Why", finding.because, style);
  text += labelled("Besides", finding.remedy, style);
  text += labelled("Cost", finding.cost, style);
  for (const std::string& missing : finding.missing) text += labelled("Missing", missing, style);
  if (style.verbose) text += labelled("Controls", listed(finding.controls), style);
  for (const SharedText& reference : finding.reference) {
    text += labelled("See", reference, style);
  }
  return text;
}

std::string text_values(const Finding& finding, const TextStyle& style) {
  std::string text;
  for (const Observed& seen : finding.observed) {
    text += labelled("Value", observed_words(seen), style);
  }
  return text;
}

namespace {

bool is_unknown_rule(const Finding& finding) {
  return finding.verdict == Verdict::kUnknown && !finding.suppressed && !finding.is_target();
}

/// What was missing to judge the rules that are unknown, and to how many of them.
std::string unknown_text(const Report& report, const TextStyle& style) {
  std::vector<const Finding*> rules;
  for (const Finding& finding : report.findings) {
    if (is_unknown_rule(finding)) rules.push_back(&finding);
  }
  std::string text = fmt::format("{}  {}\n", painted("UNKNOWN", "35", style),
                                 painted(counted(int64_t(rules.size()), "rule"), "1", style)) +
                     wrapped("They could not be judged; -v lists them.", style.width, "  ");
  for (const auto& [reason, missing_it] : by_what_is_missing(rules)) {
    if (reason.empty()) continue;
    text += labelled("Missing",
                     fmt::format("{} ({})", reason, counted(int64_t(missing_it.size()), "rule")),
                     style);
  }
  return text + "\n";
}

/// The findings that have all of their wishes left out, put together.
std::string closed_text(const Report& report, const TextStyle& style) {
  std::vector<LeftOut> left_out;
  std::set<ParameterName> said;
  int64_t findings = 0;
  for (const Finding& finding : report.findings) {
    if (!is_closed(finding)) continue;
    ++findings;
    for (const LeftOut& one : finding.left_out) {
      if (said.insert(one.parameter).second) left_out.push_back(one);
    }
  }
  if (findings == 0) return "";
  return fmt::format("{}  {}\n", painted("NOT APPLICABLE", "32", style),
                     painted(counted(findings, "finding"), "1", style)) +
         wrapped("What they ask for cannot be set here; -v shows each.", style.width, "  ") +
         text_left_out(left_out, style) + "\n";
}

/// Each finding by itself. Two kinds are put together unless -v is given: unknown rules, if they
/// are many, and findings whose parameters cannot be set here.
std::string findings_text(const Report& report, const TextStyle& style) {
  constexpr ptrdiff_t kMostUnknown = 3;
  const auto& findings = report.findings;
  const bool together = !style.verbose && std::count_if(findings.begin(), findings.end(),
                                                        is_unknown_rule) > kMostUnknown;
  std::string text;
  bool said = false;
  for (const Finding& finding : findings) {
    if (is_quiet(finding) && !style.verbose) continue;
    if (!together || !is_unknown_rule(finding)) {
      text += finding_text(finding, style);
    } else if (!std::exchange(said, true)) {
      text += unknown_text(report, style);
    }
  }
  if (!style.verbose) text += closed_text(report, style);
  return text;
}

}  // namespace

std::string text_report(const Report& report, const TextStyle& style, const std::string& besides) {
  std::string text = text_host(report, style) + text_load(report.snapshot, style) + "\n" +
                     findings_text(report, style);
  for (const std::string& objection : report.objections) {
    text += labelled("Objection", objection, style) + "\n";
  }
  if (const std::string memory = memory_in_words(report); !memory.empty()) {
    text += labelled("Memory", memory, style) + "\n";
  }
  if (!besides.empty()) text += besides + "\n";
  if (style.verbose && !report.findings.empty() && !text.ends_with("\n\n")) text += "\n";
  if (counts_of(report.findings).asking() >= kWorthABlock)
    text += finding_lines(report, style) + "\n";
  return text + wrapped(summary_line(report), style.width, "");
}

}  // namespace advisor
