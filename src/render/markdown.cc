#include "render/markdown.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace advisor {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Whether the text begins with a number that has its end at `at`, and a blank behind that, as an
/// item of a list does.
bool ends_list_number(std::string_view text, size_t at) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool blank_follows = at + 1 == text.size() || text[at + 1] == ' ';
  return at > 0 && blank_follows && std::ranges::all_of(text.substr(0, at), is_digit);
}

/// On one line, with single blanks.
std::string on_one_line(std::string_view bytes) {
  return join(split_words(printable_lines(bytes)), " ");
}

/// Whether the character at `at` could begin or end markup there.
bool acts(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at);
  switch (text[at]) {
    case '_':  // within a word it is itself
      return at == 0 || at + 1 == text.size() || !is_word_character(text[at - 1]) ||
             !is_word_character(text[at + 1]);
    case ':':  // of what is made a link
      return rest.starts_with("://");
    case '.':
      return text.substr(0, at).ends_with("www") || ends_list_number(text, at);
    case '+':
    case '-':
    case '=':  // of a line
      return at == 0;
    case ')':
      return ends_list_number(text, at);
    default:
      return std::string_view("\\`*[]<>|~&$!#").find(text[at]) != std::string_view::npos;
  }
}

/// With a backslash before what acts.
std::string in_line(std::string_view text) {
  std::string safe;
  for (size_t at = 0; at < text.size(); ++at) {
    if (acts(text, at)) safe += '\\';
    safe += text[at];
  }
  return safe;
}

/// More backticks than stand anywhere in the text, and `least` of them.
std::string fence_of(std::string_view text, size_t least) {
  size_t run = 0, longest = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max(longest + 1, least), '`');
}

}  // namespace

std::string markdown_text(std::string_view bytes) {
  return in_line(on_one_line(bytes));
}

std::string markdown_code(std::string_view bytes) {
  const std::string text = on_one_line(bytes);
  if (text.empty()) return text;
  const std::string fence = fence_of(text, 1);
  const bool touches = text.starts_with('`') || text.ends_with('`');
  const char* blank = touches ? " " : "";
  return fence + blank + text + blank + fence;
}

std::string markdown_prose(std::string_view sentence) {
  const auto parts = split(on_one_line(sentence), '`');
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool is_code = i % 2 == 1 && i + 1 < parts.size();
    const bool is_unpaired = i % 2 == 1 && !is_code;
    text +=
        is_code ? markdown_code(parts[i]) : in_line(std::string(is_unpaired ? "`" : "") + parts[i]);
  }
  return text;
}

std::string markdown_link(std::string_view text, std::string_view address) {
  const bool is_plain = std::ranges::all_of(address, [](char c) {
    return is_printable_ascii(c) && std::string_view(" <>()\\").find(c) == std::string_view::npos;
  });
  if (address.empty() || !is_plain) return markdown_text(text);
  if (text == address) return "<" + std::string(address) + ">";
  return "[" + markdown_text(text) + "](" + std::string(address) + ")";
}

std::string markdown_code_block(std::string_view lines) {
  const std::string text = printable_lines(lines);
  constexpr size_t kFence = 3;
  const std::string fence = fence_of(text, kFence);
  return fence + "\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

}  // namespace advisor
