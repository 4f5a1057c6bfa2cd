#include "prove/counted.h"

#include "base/text.h"
#include "collect/proc_text.h"
#include "os/file_store.h"

namespace advisor {

Result<CounterValues> counted_here() {
  const PosixFileStore files("");
  CounterValues counters;
  for (const char* path : {"/proc/self/net/netstat", "/proc/self/net/snmp"}) {
    const auto text = files.read(path);
    if (!text) return text.error();
    parse_counter_table(*text, counters);
  }
  return counters;
}

int64_t count_of(const CounterValues& counters, std::string_view name) {
  const auto found = counters.find(SharedText(std::string(name)));
  return found == counters.end() ? 0 : found->second;
}

Result<int64_t> closed_and_kept_whole() {
  constexpr size_t kState = 3;
  constexpr size_t kTimer = 5;
  constexpr std::string_view kFinWait2 = "05";
  // A timer of the socket itself ("02:..."); a small one has that of TIME_WAIT ("03:...").
  constexpr std::string_view kOwnTimer = "02:";
  const auto table = PosixFileStore("").read("/proc/self/net/tcp");
  if (!table) return table.error();
  int64_t kept = 0;
  for (const std::string_view line : split_lines(*table)) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() <= kTimer || words[kState] != kFinWait2) continue;
    kept += words[kTimer].starts_with(kOwnTimer);
  }
  return kept;
}

}  // namespace advisor
