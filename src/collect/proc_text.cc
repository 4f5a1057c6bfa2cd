#include "collect/proc_text.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"

namespace advisor {
namespace {

/// Counters of one file, on their way to CounterValues. There are hundreds, and so their names are
/// made as one text of which each is a part.
class CountersOfFile {
 public:
  /// "TcpExt.ListenDrops"
  void add(std::initializer_list<std::string_view> name, int64_t value) {
    const size_t begin = names_.size();
    for (const std::string_view part : name) {
      if (names_.size() > begin) names_ += '.';
      names_ += part;
    }
    rows_.push_back({begin, names_.size() - begin, value});
  }

  void into(CounterValues& counters) {
    const SharedText names = std::move(names_);
    for (const Row& row : rows_) counters[names.part(row.begin, row.size)] = row.value;
  }

 private:
  struct Row {
    size_t begin;  ///< of the name
    size_t size;
    int64_t value;
  };
  std::string names_;
  std::vector<Row> rows_;
};

/// Words in hexadecimal.
int64_t hexadecimal(std::string_view word) {
  constexpr int kBase = 16;
  return int64_t(parse_unsigned(word, kBase).value_or(0));
}

}  // namespace

void parse_counter_table(std::string_view text, CounterValues& counters) {
  CountersOfFile found;
  const auto lines = split_lines(text);
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const auto names = words_of(lines[i]);
    const auto numbers = words_of(lines[i + 1]);
    if (names.empty() || numbers.size() != names.size() || names[0] != numbers[0]) continue;
    const std::string_view table = names[0].substr(0, names[0].find(':'));
    for (size_t column = 1; column < names.size(); ++column) {
      const auto number = parse_decimal(numbers[column]);
      if (number) found.add({table, names[column]}, *number);
    }
  }
  found.into(counters);
}

void parse_sockstat(std::string_view text, CounterValues& counters) {
  CountersOfFile found;
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    for (size_t i = 1; i + 1 < words.size(); i += 2) {
      const std::string_view protocol = words[0].substr(0, words[0].find(':'));
      const auto number = parse_decimal(words[i + 1]);
      if (number) found.add({"sockstat", protocol, words[i]}, *number);
    }
  }
  found.into(counters);
}

void parse_snmp6(std::string_view text, CounterValues& counters) {
  CountersOfFile found;
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    const auto number = words.size() == 2 ? parse_decimal(words[1]) : std::nullopt;
    if (number) found.add({"snmp6", words[0]}, *number);
  }
  found.into(counters);
}

void parse_softnet(std::string_view text, CounterValues& counters) {
  constexpr const char* kColumns[] = {"softnet.processed", "softnet.dropped",
                                      "softnet.time_squeeze"};
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    if (words.size() < std::size(kColumns)) continue;
    for (size_t i = 0; i < std::size(kColumns); ++i) {
      counters[kColumns[i]] += hexadecimal(words[i]);
    }
  }
}

void parse_cpu_table(std::string_view table, std::string_view text, CounterValues& counters) {
  const auto lines = split_lines(text);
  const auto names = lines.empty() ? std::vector<std::string_view>() : words_of(lines[0]);
  std::vector<std::optional<int64_t>> sums(names.size());
  for (size_t line = 1; line < lines.size(); ++line) {
    const auto numbers = words_of(lines[line]);
    for (size_t i = 0; i < std::min(names.size(), numbers.size()); ++i) {
      const int64_t number = hexadecimal(numbers[i]);
      sums[i] = names[i] == "entries" ? number : sums[i].value_or(0) + number;
    }
  }
  CountersOfFile found;
  for (size_t i = 0; i < names.size(); ++i) {
    if (sums[i]) found.add({table, names[i]}, *sums[i]);
  }
  found.into(counters);
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
