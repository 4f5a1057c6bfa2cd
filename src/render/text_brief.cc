#include "render/text_brief.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shortened.h"
#include "base/text.h"
#include "render/report_words.h"
#include "render/text_report.h"

namespace advisor {

std::string finding_lines(const Report& report, const TextStyle& style) {
  constexpr size_t kWordWidth = 8;
  constexpr size_t kNarrowest = 40;
  std::string text;
  for (const Finding& finding : report.findings) {
    if (!finding.asks()) continue;
    const std::string word = fmt::format("{:<{}}", text_word(finding), kWordWidth);
    const size_t room = std::max(style.width, kNarrowest) - kWordWidth - 2;
    text += fmt::format("{}  {}\n", painted(word, text_colour(finding), style),
                        shortened(fmt::format("{}: {}", finding.rule, finding.title), room));
  }
  return text;
}

std::string text_brief(const Report& report, const TextStyle& style) {
  const std::string lines = finding_lines(report, style);
  return text_host(report, style) + "\n" + lines + (lines.empty() ? "" : "\n") +
         wrapped(summary_line(report), style.width, "");
}

}  // namespace advisor
