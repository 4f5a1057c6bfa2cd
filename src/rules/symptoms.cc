#include "rules/symptoms.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace advisor {
namespace {

/// Fewer characters would be found in anything.
constexpr size_t kShortestPart = 8;

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return lowered(c); });
  return lower;
}

bool is_capital_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_errno_name(std::string_view symptom) {
  return symptom.size() > 2 && symptom.front() == 'E' &&
         std::ranges::all_of(symptom, is_capital_or_digit);
}

/// Whether it stands there with no letter or digit beside it.
bool holds_word(std::string_view text, std::string_view word) {
  const auto is_part = [&](size_t at) {
    return at < text.size() && (is_capital_or_digit(text[at]) || lowered(text[at]) != text[at] ||
                                (text[at] >= 'a' && text[at] <= 'z') || text[at] == '_');
  };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_part(at - 1)) && !is_part(at + word.size())) return true;
  }
  return false;
}

bool is_symptom(std::string_view said, const std::string& lower, std::string_view symptom) {
  if (is_errno_name(symptom)) return holds_word(said, symptom);
  const std::string wanted = lowered(symptom);
  return lower.find(wanted) != std::string::npos ||
         (lower.size() >= kShortestPart && wanted.find(lower) != std::string::npos);
}

}  // namespace

bool shows_symptom(std::string_view said, std::span<const SharedText> symptoms) {
  if (symptoms.empty()) return false;
  const std::string_view trimmed = trim(said);
  const std::string lower = lowered(trimmed);
  return std::ranges::any_of(symptoms, [&](const SharedText& symptom) {
    return is_symptom(trimmed, lower, symptom.view());
  });
}

}  // namespace advisor
