#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <system_error>

namespace advisor {
namespace {

/// An object rather than a function, so that it is inlined into the searches.
constexpr auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };

template <typename Word>
void add_words(std::string_view text, std::vector<Word>& words) {
  for (auto at = text.begin();;) {
    at = std::find_if_not(at, text.end(), is_blank);
    if (at == text.end()) return;
    const auto end = std::find_if(at, text.end(), is_blank);
    words.emplace_back(at, end);
    at = end;
  }
}

/// How many letters differ; `limit`, or more, where that many do at least.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
    // What follows only adds to the least of them.
    const size_t least = *std::ranges::min_element(row);
    if (least >= limit) return least;
  }
  return row[b.size()];
}

/// Every byte of UTF-8 but the continuation bytes.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Where, from `at` on, something else than printable ASCII stands; the size if nothing does.
size_t skip_printable_ascii(std::string_view text, size_t at) {
  const auto from = text.begin() + ptrdiff_t(at);
  return size_t(std::find_if_not(from, text.end(), is_printable_ascii) - text.begin());
}

/// The bytes of the UTF-8 character with which a text begins; 0 if it begins with none. Overlong
/// forms, which some terminals take for the character, do not count.
size_t character_at(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first < 0xc2   ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 0 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (begins_character(text[i])) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool no_character = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || no_character ? 0 : length;
}

/// Whether a character acts upon a terminal or a line, beyond being shown.
bool steers(std::string_view character) {
  if (character.size() == 1) return character[0] < ' ' || character[0] == 0x7f;
  if (character.size() == 2) return character >= "\u0080" && character < "\u00a0";
  return (character >= "\u200e" && character <= "\u200f") ||  // left-to-right mark and its like
         (character >= "\u2028" && character <= "\u202e") ||  // line separator to override
         (character >= "\u2066" && character <= "\u2069");    // isolates
}

/// The bytes of the character with which a text begins, if a terminal does nothing but show it; 0
/// for one that steers it, and for what is not UTF-8.
size_t shown_at(std::string_view text) {
  const size_t length = character_at(text);
  return steers(text.substr(0, length)) ? 0 : length;
}

/// The bytes of the line end or tab with which a text begins; 0 if it begins with none.
size_t layout_at(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  return text[0] == '\n' || text[0] == '\t' ? 1 : 0;
}

/// The bytes of the sequence for one of our colours with which a text begins; 0 if it does not.
size_t colour_at(std::string_view text) {
  constexpr std::string_view kBegin = "\033[";
  constexpr std::array<std::string_view, 9> kColours{"0",  "1",  "1;31", "31", "32",
                                                     "33", "34", "35",   "36"};
  if (!text.starts_with(kBegin)) return 0;
  const size_t end = text.find('m');
  if (end == std::string_view::npos) return 0;
  const std::string_view code = text.substr(kBegin.size(), end - kBegin.size());
  return std::find(kColours.begin(), kColours.end(), code) != kColours.end() ? end + 1 : 0;
}

/// The text with `?` for each byte that begins neither a character to be shown nor what `kept`
/// takes.
template <typename Kept>
std::string replaced(std::string_view text, Kept kept) {
  std::string safe;
  safe.reserve(text.size());
  size_t begin = 0;
  for (size_t at = 0; (at = skip_printable_ascii(text, at)) < text.size();) {
    const std::string_view rest = text.substr(at);
    const size_t length = std::max<size_t>(shown_at(rest), kept(rest));
    if (length == 0) {
      safe += text.substr(begin, at - begin);
      safe += '?';
      begin = at + 1;
    }
    at += std::max<size_t>(length, 1);
  }
  return safe += text.substr(begin);
}

/// Whether it is the beginning of a command in backticks, which is copied as a whole.
bool is_open_command(std::string_view words) {
  const size_t tick = words.find('`');
  return tick < 2 && words.find('`', tick + 1) == std::string_view::npos;
}

/// The words of a text, with the digit groups of one number (see grouped_digits) and the words of a
/// command in backticks kept together.
std::vector<std::string_view> unbreakable_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : words_of(text)) {
    const auto digits = std::find_if_not(word.begin(), word.end(), is_digit) - word.begin();
    const bool is_group = digits == 3 && !words.empty() && is_digit(words.back().back());
    // Two groups are of one number if a single blank, rather than a line end, is between them.
    const bool is_next =
        !words.empty() && words.back().end() + 1 == word.begin() && *words.back().end() == ' ';
    if (is_next && (is_group || is_open_command(words.back()))) {
      words.back() = {words.back().begin(), word.end()};
    } else {
      words.push_back(word);
    }
  }
  return words;
}

template <typename Number, typename Format>
std::optional<Number> parse_whole(std::string_view text, Format format) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number, format);
  if (failure != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return number;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr size_t kUsualLength = 8;
  std::vector<std::string_view> words;
  words.reserve(text.size() / kUsualLength + 1);
  add_words(text, words);
  return words;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  add_words(text, words);
  return words;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string joined_numbers(const std::vector<int64_t>& numbers) {
  std::string joined;
  for (const int64_t number : numbers) {
    if (!joined.empty()) joined += ' ';
    joined += std::to_string(number);
  }
  return joined;
}

std::optional<int64_t> parse_decimal(std::string_view text) {
  return parse_whole<int64_t>(text, 10);
}

std::optional<double> parse_real(std::string_view text) {
  const auto number = parse_whole<double>(text, std::chars_format::fixed);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<uint64_t> parse_unsigned(std::string_view text, int base) {
  return parse_whole<uint64_t>(text, base);
}

std::optional<std::string> nearest_name(std::string_view written,
                                        const std::vector<std::string>& candidates) {
  // A third of the letters may differ, so that `net.ipv4.tw_reuse` still means `net.ipv4.tcp_tw_
  // reuse`; and one more in a word long enough for two letters to be swapped.
  size_t best = written.size() / 3 + (written.size() > 3 ? 2 : 1);
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    const auto [shorter, longer] = std::minmax({written.size(), candidate.size()});
    if (longer - shorter >= best) continue;  // so many letters differ at least
    const size_t distance = edit_distance(written, candidate, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

size_t count_characters(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), begins_character));
}

size_t offset_of_character(std::string_view text, size_t number) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_character(text[at]) && number-- == 0) break;
  }
  return at;
}

std::string grouped_digits(int64_t number) {
  std::string digits = std::to_string(number);
  const ptrdiff_t first = digits[0] == '-' ? 1 : 0;
  for (ptrdiff_t at = ptrdiff_t(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(digits.begin() + at, ' ');
  }
  return digits;
}

std::string counted(int64_t count, const std::string& noun) {
  return grouped_digits(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string printable(std::string_view text) {
  return replaced(text, [](std::string_view) { return size_t{0}; });
}

std::string printable_lines(std::string_view text, Colours colours) {
  return replaced(text, [&](std::string_view rest) {
    const size_t layout = layout_at(rest);
    return layout == 0 && colours == Colours::kKept ? colour_at(rest) : layout;
  });
}

LeadingCharacter leading_character(std::string_view text) {
  const size_t bytes = character_at(text);
  return {bytes, bytes > 0 && steers(text.substr(0, bytes))};
}

std::optional<size_t> find_control(std::string_view text) {
  for (size_t at = 0; (at = skip_printable_ascii(text, at)) < text.size();) {
    const std::string_view rest = text.substr(at);
    const size_t length = std::max(character_at(rest), layout_at(rest));
    const auto byte = static_cast<unsigned char>(rest[0]);
    const bool harmless =
        length > 0 ? layout_at(rest) > 0 || !steers(rest.substr(0, length)) : byte >= 0xa0;
    if (!harmless) return at;
    at += std::max<size_t>(length, 1);
  }
  return std::nullopt;
}

std::string did_you_mean(std::string_view meant) {
  return "did you mean \"" + std::string(meant) + "\"?";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const auto nearest = nearest_name(name, names);
  return nearest ? did_you_mean(*nearest) : "";
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool glob_meets_family(std::string_view pattern, std::string_view family) {
  // Whether what is left of the pattern meets what is left of the family, from the ends on.
  std::vector<bool> next(family.size() + 1), row(family.size() + 1);
  for (size_t p = pattern.size() + 1; p-- > 0;) {
    for (size_t f = family.size() + 1; f-- > 0;) {
      const char wanted = p < pattern.size() ? pattern[p] : '\0';
      const char given = f < family.size() ? family[f] : '\0';
      if (wanted == '*') {
        row[f] = next[f] || (given && row[f + 1]);
      } else if (given == '*') {
        row[f] = row[f + 1] || (wanted && wanted != '.' && next[f]);
      } else if (wanted && given) {
        row[f] = next[f + 1] && (wanted == given || wanted == '?');
      } else {
        row[f] = wanted == given;  // both at their end
      }
    }
    std::swap(next, row);
  }
  return next[0];
}

std::string wrapped(std::string_view text, size_t width, std::string_view indent) {
  std::string out;
  size_t column = 0;
  for (const std::string_view word : unbreakable_words(text)) {
    if (column > 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    }
    out += column == 0 ? indent : " ";
    column += (column == 0 ? indent.size() : 1) + word.size();
    out += word;
  }
  return out.empty() ? out : out + '\n';
}

}  // namespace advisor
