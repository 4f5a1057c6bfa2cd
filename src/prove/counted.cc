#include "prove/counted.h"

#include <chrono>
#include <vector>

#include "base/text.h"
#include "collect/proc_text.h"
#include "os/clock.h"
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

namespace {

/// What became of the sockets that closed first.
struct Closed {
  int64_t unanswered = 0;  ///< their end was not acknowledged yet
  int64_t kept_whole = 0;
};

Result<Closed> closed_here() {
  constexpr size_t kState = 3;
  constexpr size_t kTimer = 5;
  constexpr std::string_view kFinWait1 = "04";
  constexpr std::string_view kFinWait2 = "05";
  // A timer of the socket itself ("02:..."); a small one has that of TIME_WAIT ("03:...").
  constexpr std::string_view kOwnTimer = "02:";
  const auto table = PosixFileStore("").read("/proc/self/net/tcp");
  if (!table) return table.error();
  Closed closed;
  for (const std::string_view line : split_lines(*table)) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() <= kTimer) continue;
    closed.unanswered += words[kState] == kFinWait1;
    closed.kept_whole += words[kState] == kFinWait2 && words[kTimer].starts_with(kOwnTimer);
  }
  return closed;
}

}  // namespace

Result<int64_t> closed_and_kept_whole() {
  constexpr std::chrono::seconds kLongestDelay{5};
  constexpr std::chrono::milliseconds kLook{2};
  SystemClock clock;
  // The other end may take its time to acknowledge (delayed ACK).
  const auto until = clock.since_boot() + kLongestDelay;
  for (;;) {
    const auto closed = closed_here();
    if (!closed) return closed.error();
    if (closed->unanswered == 0 || clock.since_boot() >= until) return closed->kept_whole;
    clock.sleep(kLook);
  }
}

}  // namespace advisor
