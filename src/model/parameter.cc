#include "model/parameter.h"

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

std::string with_separators_swapped(std::string text) {
  for (char& c : text) {
    if (c == '.') {
      c = '/';
    } else if (c == '/') {
      c = '.';
    }
  }
  return text;
}

/// Whether it can be one of a dotted name, where `/` stands for a dot within a segment.
bool is_segment(std::string_view segment) {
  return !segment.empty() && segment != "/" && segment != "//";
}

bool is_visible(char c) {
  return c > ' ' && c < 0x7f;
}

}  // namespace

std::optional<ParameterName> ParameterName::parse(std::string_view text) {
  const size_t separator = text.find_first_of("./");
  if (separator == std::string_view::npos) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_visible)) return std::nullopt;
  std::string dotted(text);
  if (text[separator] == '/') dotted = with_separators_swapped(std::move(dotted));
  std::string_view rest = dotted;
  for (size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    if (!is_segment(rest.substr(0, dot))) return std::nullopt;
    rest.remove_prefix(dot + 1);
  }
  if (!is_segment(rest)) return std::nullopt;
  return of_canonical(std::move(dotted));
}

std::string ParameterName::path() const {
  return with_separators_swapped(std::string(dotted_));
}

bool speaks_of(std::string_view pattern, const ParameterName& parameter) {
  std::string_view name = parameter.dotted();
  for (;;) {
    const size_t wanted_end = std::min(pattern.find('.'), pattern.size());
    const size_t end = std::min(name.find('.'), name.size());
    const std::string_view wanted = pattern.substr(0, wanted_end);
    if (wanted != "*" && wanted != name.substr(0, end)) return false;
    const bool is_last = wanted_end == pattern.size();
    if (is_last || end == name.size()) return is_last && end == name.size();
    pattern.remove_prefix(wanted_end + 1);
    name.remove_prefix(end + 1);
  }
}

ParameterValue::ParameterValue(std::string_view text) : words_(split_words(text)) {}

std::string ParameterValue::text() const {
  return join(words_, " ");
}

}  // namespace advisor
