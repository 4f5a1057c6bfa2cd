#include "render/html.h"

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether the blank at `at` stands within a number: between two digit groups (see
/// grouped_digits), or before its per cent sign.
bool is_in_number(std::string_view text, size_t at) {
  constexpr size_t kGroup = 3;
  if (at == 0 || !is_digit(text[at - 1])) return false;
  if (text.substr(at + 1).starts_with('%')) return true;
  if (at + kGroup >= text.size()) return false;
  const std::string_view group = text.substr(at + 1, kGroup);
  const size_t end = at + 1 + kGroup;
  return std::ranges::all_of(group, is_digit) && (end == text.size() || !is_digit(text[end]));
}

std::string escaped(std::string_view bytes) {
  std::string safe;
  safe.reserve(bytes.size());
  for (const char c : printable_lines(bytes)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// With no-break spaces within numbers.
std::string unbroken_numbers(std::string_view escaped_text) {
  std::string text;
  for (size_t at = 0; at < escaped_text.size(); ++at) {
    if (escaped_text[at] == ' ' && is_in_number(escaped_text, at)) {
      text += "&nbsp;";
    } else {
      text += escaped_text[at];
    }
  }
  return text;
}

}  // namespace

Html& Html::raw(Markup markup) {
  html_ += markup.text;
  return *this;
}

Html& Html::text(std::string_view bytes) {
  html_ += escaped(bytes);
  return *this;
}

Html& Html::prose(std::string_view sentence) {
  constexpr auto kNone = std::string_view::npos;
  for (;;) {
    const size_t open = sentence.find('`');
    const size_t close = open == kNone ? kNone : sentence.find('`', open + 1);
    if (close == kNone) break;
    html_ += unbroken_numbers(escaped(sentence.substr(0, open)));
    add(html_code(sentence.substr(open + 1, close - open - 1)));
    sentence.remove_prefix(close + 1);
  }
  html_ += unbroken_numbers(escaped(sentence));
  return *this;
}

Html& Html::number(int64_t number) {
  html_ += std::to_string(number);
  return *this;
}

Html& Html::add(const Html& piece) {
  html_ += piece.html_;
  return *this;
}

Html html_code(std::string_view text) {
  return Html("<code>").text(text).raw("</code>");
}

Html html_paragraph(std::string_view sentence) {
  if (sentence.empty()) return {};
  return Html("<p>").prose(sentence).raw("</p>\n");
}

}  // namespace advisor
