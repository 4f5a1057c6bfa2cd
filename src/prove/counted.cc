#include "prove/counted.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "collect/proc_text.h"
#include "os/file_store.h"
#include "prove/waiting.h"

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

// Columns of /proc/net/tcp, and what stands there.
constexpr size_t kLocal = 1;
constexpr size_t kState = 3;
constexpr size_t kTimer = 5;
constexpr std::string_view kFinWait1 = "04";
constexpr std::string_view kFinWait2 = "05";
constexpr std::string_view kTimeWait = "06";
// A timer of the socket itself; a small one has that of TIME_WAIT ("03:...").
constexpr std::string_view kOwnTimer = "02:";

Status for_each_socket(const std::function<void(const std::vector<std::string_view>&)>& look) {
  const auto table = PosixFileStore("").read("/proc/self/net/tcp");
  if (!table) return table.error();
  for (const std::string_view line : split_lines(*table)) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() > kTimer) look(words);
  }
  return {};
}

Result<Closed> closed_here() {
  Closed closed;
  const Status told = for_each_socket([&](const std::vector<std::string_view>& words) {
    closed.unanswered += words[kState] == kFinWait1;
    closed.kept_whole += words[kState] == kFinWait2 && words[kTimer].starts_with(kOwnTimer);
  });
  if (!told) return told.error();
  return closed;
}

}  // namespace

Result<int64_t> in_time_wait(uint16_t port, int64_t expected) {
  constexpr std::chrono::seconds kLongest{1};
  const std::string local = fmt::format(":{:04X}", port);
  int64_t count = 0;
  const auto waited = wait_until(kLongest, [&]() -> Result<bool> {
    count = 0;
    const Status told = for_each_socket([&](const std::vector<std::string_view>& words) {
      count += words[kLocal].ends_with(local) && words[kState] == kTimeWait;
    });
    if (!told) return told.error();
    return count >= expected;
  });
  if (!waited) return waited.error();
  return count;
}

Result<int64_t> closed_and_kept_whole() {
  constexpr std::chrono::seconds kLongestDelay{5};
  Closed closed;
  // The other end may take its time to acknowledge (delayed ACK).
  const auto waited = wait_until(kLongestDelay, [&]() -> Result<bool> {
    const auto now = closed_here();
    if (!now) return now.error();
    closed = *now;
    return closed.unanswered == 0;
  });
  if (!waited) return waited.error();
  return closed.kept_whole;
}

}  // namespace advisor
