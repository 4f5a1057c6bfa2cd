#include "render/text_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {

std::string text_rows(const std::vector<TextRow>& rows, size_t most, size_t all,
                      std::string_view way_to_see, const TextStyle& style) {
  const size_t shown = std::min(rows.size(), most);
  size_t widest = 0;
  for (size_t i = 0; i < shown; ++i) {
    if (rows[i].label.size() <= style.width / 2) widest = std::max(widest, rows[i].label.size());
  }
  const std::string indent(widest + 4, ' ');
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    // A name of somebody else may hold the end of a line.
    const std::string name = printable(rows[i].label);
    const std::string label = fmt::format("  {:<{}}  ", name, widest);
    std::string lines = wrapped(rows[i].text, style.width, indent);
    if (label.size() > indent.size()) {
      text += fmt::format("  {}\n{}", name, lines);
    } else {
      text += lines.replace(0, indent.size(), label);
    }
  }
  if (shown < all) {
    text += fmt::format("  and {} more ({})\n", grouped_digits(int64_t(all - shown)), way_to_see);
  }
  return text;
}

std::string text_section(std::string_view title, const std::string& text, const TextStyle& style) {
  if (text.empty()) return {};
  return "\n" + painted(title, "1", style) + "\n" + text;
}

}  // namespace advisor
