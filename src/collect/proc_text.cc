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
  constexpr std::string_view kNames[] = {"processed", "dropped", "time_squeeze"};
  CountersOfFile of_cpus;
  int64_t line_number = 0;
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    if (words.size() < std::size(kColumns)) continue;
    constexpr size_t kCpu = 12;  // since 5.10; before, the line tells it where all are online
    const int64_t cpu = words.size() > kCpu ? hexadecimal(words[kCpu]) : line_number;
    ++line_number;
    for (size_t i = 0; i < std::size(kColumns); ++i) {
      const int64_t value = hexadecimal(words[i]);
      counters[kColumns[i]] += value;
      of_cpus.add({"softnet", "cpu" + std::to_string(cpu), kNames[i]}, value);
    }
  }
  of_cpus.into(counters);
}

void parse_vmstat(std::string_view text, CounterValues& counters) {
  constexpr std::string_view kWanted[] = {
      "nr_dirty", "nr_dirty_background_threshold", "nr_dirty_threshold", "nr_writeback", "pswpin",
      "pswpout"};
  CountersOfFile found;
  std::optional<int64_t> stalls;
  for (const std::string_view line : split_lines(text)) {
    const size_t blank = line.find(' ');
    const std::string_view name = line.substr(0, blank);
    const bool stall = name.starts_with("allocstall");
    if (blank == std::string_view::npos) continue;
    if (!stall && std::ranges::find(kWanted, name) == std::end(kWanted)) continue;
    const int64_t number = parse_decimal(line.substr(blank + 1)).value_or(0);
    if (stall) stalls = stalls.value_or(0) + number;
    if (!stall) found.add({"vmstat", name}, number);
  }
  if (stalls) found.add({"vmstat", "allocstall"}, *stalls);
  found.into(counters);
}

void parse_memory_levels(std::string_view meminfo, CounterValues& counters) {
  constexpr std::string_view kWanted[] = {"CommitLimit",    "Committed_AS",    "HugePages_Free",
                                          "HugePages_Rsvd", "HugePages_Total", "Hugepagesize",
                                          "Hugetlb",        "SwapFree",        "SwapTotal"};
  constexpr int64_t kBytesPerKilobyte = 1024;
  CountersOfFile found;
  for (const std::string_view line : split_lines(meminfo)) {
    const std::string_view name = line.substr(0, line.find(':'));
    if (std::ranges::find(kWanted, name) == std::end(kWanted)) continue;
    const auto words = words_of(line);
    const auto number = words.size() > 1 ? parse_decimal(words[1]) : std::nullopt;
    int64_t value = 0;
    const int64_t unit = words.size() > 2 ? kBytesPerKilobyte : 1;
    if (!number || __builtin_mul_overflow(*number, unit, &value)) continue;
    found.add({"meminfo", name}, value);
  }
  found.into(counters);
}

void parse_pressure(std::string_view resource, std::string_view text, CounterValues& counters) {
  constexpr std::string_view kTotal = "total=";
  CountersOfFile found;
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    if (words.empty() || !words.back().starts_with(kTotal)) continue;
    const auto total = parse_decimal(words.back().substr(kTotal.size()));
    if (total) found.add({"pressure", resource, words[0]}, *total);
  }
  found.into(counters);
}

void parse_loadavg(std::string_view text, CounterValues& counters) {
  constexpr size_t kTasks = 3;  // "running/all"
  const auto words = words_of(text);
  if (words.size() <= kTasks) return;
  const auto tasks = parse_decimal(words[kTasks].substr(words[kTasks].find('/') + 1));
  if (tasks) counters["loadavg.tasks"] = *tasks;
}

void parse_rt6_stats(std::string_view text, CounterValues& counters) {
  // net/ipv6/route.c, rt6_stats_seq_show
  constexpr size_t kRoutes = 3, kDestinations = 5;
  const auto words = words_of(text);
  if (words.size() > kDestinations) {
    counters["rt6_stats.routes"] = hexadecimal(words[kRoutes]);
    counters["rt6_stats.destinations"] = hexadecimal(words[kDestinations]);
  }
}

void parse_system_v(std::string_view kind, std::string_view table, CounterValues& counters) {
  constexpr size_t kSemaphores = 3;  // ipc/sem.c, sysvipc_sem_proc_show
  int64_t objects = 0;
  int64_t semaphores = 0;
  for (const std::string_view line : split_lines(table)) {
    const auto words = words_of(line);
    if (words.size() <= kSemaphores || words[0] == "key") continue;
    ++objects;
    semaphores += parse_decimal(words[kSemaphores]).value_or(0);
  }
  counters[SharedText("sysvipc." + std::string(kind))] = objects;
  if (kind == "sem") counters["sysvipc.semaphores"] = semaphores;
}

void parse_key_users(std::string_view text, CounterValues& counters) {
  constexpr size_t kUser = 0, kKeys = 3, kBytes = 4;  // security/keys/proc.c, proc_key_users_show
  double fullest = -1;
  for (const std::string_view line : split_lines(text)) {
    const auto words = words_of(line);
    if (words.size() <= kBytes) continue;
    const auto pair = [&](size_t word) {
      const std::string_view both = words[word];
      const size_t slash = std::min(both.find('/'), both.size());
      return std::pair(parse_decimal(both.substr(0, slash)).value_or(0),
                       parse_decimal(both.substr(std::min(slash + 1, both.size()))).value_or(0));
    };
    const auto [keys, most_keys] = pair(kKeys);
    const auto [bytes, most_bytes] = pair(kBytes);
    if (most_keys <= 0 || most_bytes <= 0) continue;
    const double share =
        std::max(double(keys) / double(most_keys), double(bytes) / double(most_bytes));
    if (share <= fullest) continue;
    fullest = share;
    counters["keys.user"] =
        parse_decimal(words[kUser].substr(0, words[kUser].size() - 1)).value_or(0);
    counters["keys.count"] = keys;
    counters["keys.count_max"] = most_keys;
    counters["keys.bytes"] = bytes;
    counters["keys.bytes_max"] = most_bytes;
  }
}

std::vector<InterfaceLoss> parse_interface_losses(std::string_view text) {
  constexpr size_t kDropped = 3, kFifo = 4;  // behind the name: bytes packets errs drop fifo
  std::vector<InterfaceLoss> losses;
  for (const std::string_view line : split_lines(text)) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto numbers = words_of(line.substr(colon + 1));
    if (numbers.size() <= kFifo) continue;
    const InterfaceLoss loss{std::string(trim(line.substr(0, colon))),
                             parse_decimal(numbers[kDropped]).value_or(0),
                             parse_decimal(numbers[kFifo]).value_or(0)};
    if (loss.dropped > 0 || loss.fifo > 0) losses.push_back(loss);
  }
  return losses;
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

bool has_default_route_v6(std::string_view routes) {
  constexpr size_t kDestination = 0, kLength = 1, kInterface = 9;  // net/ipv6/route.c
  return std::ranges::any_of(split_lines(routes), [&](std::string_view line) {
    const auto words = words_of(line);
    // The kernel keeps one on lo that refuses what has no other.
    return words.size() > kInterface && words[kLength] == "00" && words[kInterface] != "lo" &&
           words[kDestination].find_first_not_of('0') == std::string_view::npos;
  });
}

}  // namespace advisor
