#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "expr/value.h"
#include "model/snapshot.h"

namespace advisor {

/// What is missing where a rate is asked for and there was one sample.
inline constexpr const char* kTwoSamples = "rates need two samples: use --interval 1s or longer";

/// A fact of the socket table; unknown where the table could not be read.
template <typename Compute>
expr::Value from_sockets(const Snapshot& snapshot, Compute compute) {
  if (!snapshot.sockets) return expr::Unknown{{snapshot.sockets.error().message}};
  return expr::Value(compute(*snapshot.sockets));
}

/// The value, or unknown with what is missing.
template <typename T>
expr::Value or_unknown(const std::optional<T>& value, const char* missing) {
  if (value) return expr::Value(*value);
  return expr::Unknown{{missing}};
}

/// Whether there is a counter of that table: the kernel counts only what it has. Unknown where no
/// counter at all could be read.
inline expr::Value has_counters_of(const Snapshot& snapshot, const char* table) {
  const CounterValues& counters = snapshot.counters.last;
  if (counters.empty()) return expr::Unknown{{"no counters of the kernel could be read"}};
  return std::any_of(counters.begin(), counters.end(), [table](const auto& counter) {
    return counter.first.view().starts_with(table);
  });
}

/// The name of a counter, as an argument of a template.
template <size_t N>
struct Name {
  char text[N];
  constexpr Name(const char (&literal)[N]) { std::copy_n(literal, N, text); }
};

inline expr::Unknown not_shown(const char* counter) {
  return {{std::string("this kernel does not show the counter ") + counter}};
}

/// The last reading: a sum since boot, or a level.
template <Name kCounter>
expr::Value since_boot(const Snapshot& snapshot) {
  if (const auto total = snapshot.counters.since_boot(kCounter.text)) return *total;
  return not_shown(kCounter.text);
}

/// Per second over the interval.
template <Name kCounter>
expr::Value rate(const Snapshot& snapshot) {
  if (const auto per_second = snapshot.counters.rate(kCounter.text)) return *per_second;
  if (!snapshot.counters.since_boot(kCounter.text)) return not_shown(kCounter.text);
  return expr::Unknown{{kTwoSamples}};
}

/// The processes in words; where none was found, why.
inline std::string owners_in_words(const SocketLoad& load, const std::vector<SocketOwner>& owners) {
  if (!owners.empty()) return owners_text(owners);
  return "not known" + (load.owners_missing.empty() ? "" : " (" + load.owners_missing + ")");
}

/// The sources of facts, as the manual names them.
inline constexpr const char* kSockets = "sock_diag(7)";
inline constexpr const char* kSocketsAndRange = "sock_diag(7), net.ipv4.ip_local_port_range";
inline constexpr const char* kOwners = "sock_diag(7), /proc/PID/fd";
inline constexpr const char* kTcpInfo = "sock_diag(7), struct tcp_info";

}  // namespace advisor
