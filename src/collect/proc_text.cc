#include "collect/proc_text.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"

namespace advisor {
namespace {

constexpr int kHexadecimal = 16;

/// "TcpExt.ListenDrops"
std::string name_in(std::string_view table, std::string_view column) {
  std::string name;
  name.reserve(table.size() + 1 + column.size());
  name += table;
  name += '.';
  return name += column;
}

}  // namespace

void parse_counter_table(std::string_view text, CounterValues& counters) {
  const auto lines = split_lines(text);
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const auto names = words_of(lines[i]);
    const auto numbers = words_of(lines[i + 1]);
    if (names.empty() || numbers.size() != names.size() || names[0] != numbers[0]) continue;
    const std::string_view table = names[0].substr(0, names[0].find(':'));
    for (size_t column = 1; column < names.size(); ++column) {
      if (const auto number = parse_decimal(numbers[column])) {
        counters[name_in(table, names[column])] = *number;
      }
    }
  }
}

void parse_sockstat(std::string_view text, CounterValues& counters) {
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    for (size_t i = 1; i + 1 < words.size(); i += 2) {
      const std::string_view protocol = words[0].substr(0, words[0].find(':'));
      if (const auto number = parse_decimal(words[i + 1])) {
        counters[name_in(name_in("sockstat", protocol), words[i])] = *number;
      }
    }
  }
}

void parse_snmp6(std::string_view text, CounterValues& counters) {
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    const auto number = words.size() == 2 ? parse_decimal(words[1]) : std::nullopt;
    if (number) counters[name_in("snmp6", words[0])] = *number;
  }
}

void parse_softnet(std::string_view text, CounterValues& counters) {
  constexpr const char* kColumns[] = {"softnet.processed", "softnet.dropped",
                                      "softnet.time_squeeze"};
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    if (words.size() < std::size(kColumns)) continue;
    for (size_t i = 0; i < std::size(kColumns); ++i) {
      counters[kColumns[i]] += int64_t(parse_unsigned(words[i], kHexadecimal).value_or(0));
    }
  }
}

void parse_cpu_table(const std::string& table, std::string_view text, CounterValues& counters) {
  const auto lines = split_lines(text);
  const auto names = lines.empty() ? std::vector<std::string_view>() : words_of(lines[0]);
  for (size_t line = 1; line < lines.size(); ++line) {
    const auto numbers = words_of(lines[line]);
    for (size_t i = 0; i < std::min(names.size(), numbers.size()); ++i) {
      const auto number = int64_t(parse_unsigned(numbers[i], kHexadecimal).value_or(0));
      int64_t& counter = counters[name_in(table, names[i])];
      counter = names[i] == "entries" ? number : counter + number;
    }
  }
}

std::optional<int64_t> parse_meminfo(std::string_view meminfo, const std::string& field) {
  constexpr int64_t kBytesPerKilobyte = 1024;
  for (const std::string_view line : split_lines(meminfo)) {
    if (!line.starts_with(field) || line.substr(field.size(), 1) != ":") continue;
    const auto words = words_of(line);
    const auto kilobytes = words.size() > 1 ? parse_decimal(words[1]) : std::nullopt;
    return kilobytes ? std::optional(*kilobytes * kBytesPerKilobyte) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> parse_default_interfaces(std::string_view routes) {
  constexpr size_t kDestination = 1;
  constexpr size_t kMask = 7;
  std::set<std::string> interfaces;
  for (const std::string_view line : split_lines(routes)) {
    const auto words = words_of(line);
    if (words.size() <= kMask) continue;
    if (words[kDestination] == "00000000" && words[kMask] == "00000000") {
      interfaces.emplace(words[0]);
    }
  }
  return {interfaces.begin(), interfaces.end()};
}

}  // namespace advisor
