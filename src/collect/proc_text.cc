#include "collect/proc_text.h"

#include "base/text.h"

namespace advisor {

void parse_counter_table(std::string_view text, CounterValues& counters) {
  const auto lines = split_lines(text);
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const auto names = split_words(lines[i]);
    const auto numbers = split_words(lines[i + 1]);
    if (names.empty() || numbers.size() != names.size() || names[0] != numbers[0]) continue;
    const std::string table = names[0].substr(0, names[0].find(':'));
    for (size_t column = 1; column < names.size(); ++column) {
      if (const auto number = parse_decimal(numbers[column])) {
        counters[table + "." + names[column]] = *number;
      }
    }
  }
}

void parse_sockstat(std::string_view text, CounterValues& counters) {
  for (const std::string_view line : split_lines(text)) {
    const auto words = split_words(line);
    for (size_t i = 1; i + 1 < words.size(); i += 2) {
      const std::string protocol = words[0].substr(0, words[0].find(':'));
      if (const auto number = parse_decimal(words[i + 1])) {
        counters["sockstat." + protocol + "." + words[i]] = *number;
      }
    }
  }
}

std::optional<int64_t> parse_memory_bytes(std::string_view meminfo) {
  constexpr int64_t kBytesPerKilobyte = 1024;
  for (const std::string_view line : split_lines(meminfo)) {
    const auto words = split_words(line);
    if (words.size() < 2 || words[0] != "MemTotal:") continue;
    const auto kilobytes = parse_decimal(words[1]);
    return kilobytes ? std::optional(*kilobytes * kBytesPerKilobyte) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace advisor
