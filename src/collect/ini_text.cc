#include "collect/ini_text.h"

#include "base/text.h"

namespace advisor {
namespace {

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.front() == text.back();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string_view without_comment(std::string_view value) {
  for (size_t at = value.find('#'); at != std::string_view::npos; at = value.find('#', at + 1)) {
    if (at == 0 || value[at - 1] == ' ' || value[at - 1] == '\t') return value.substr(0, at);
  }
  return value;
}

}  // namespace

std::vector<IniEntry> parse_ini(std::string_view text, InlineComments comments) {
  std::vector<IniEntry> entries;
  std::string section;
  int number = 0;
  for (const std::string_view written : split_lines(text)) {
    ++number;
    const std::string_view line = trim(written);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      section = trim(line.substr(1, line.find(']') - 1));
      continue;
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = line.substr(equals + 1);
    if (comments == InlineComments::kAfterBlank) value = without_comment(value);
    entries.push_back({section, std::string(trim(line.substr(0, equals))),
                       std::string(without_quotes(trim(value))), number});
  }
  return entries;
}

}  // namespace advisor
