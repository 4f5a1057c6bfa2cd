#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/shared_text.h"

namespace advisor {

/// Counters as /proc/net/{snmp,netstat} name them ("TcpExt.TCPTimeWaitOverflow"), since boot; those
/// of /proc/net/{snmp6,softnet_stat} and /proc/net/stat ("snmp6.Udp6RcvbufErrors",
/// "softnet.dropped", "arp_cache.table_fulls"); and the levels of /proc/net/sockstat
/// ("sockstat.TCP.tw").
using CounterValues = std::unordered_map<SharedText, int64_t>;

/// Two samples of the counters. A rate needs both.
struct Counters {
  CounterValues first;  ///< empty where there was one sample only
  CounterValues last;
  double interval_seconds = 0;  ///< between the two; 0 where there was one sample only

  std::optional<int64_t> since_boot(std::string_view name) const;
  /// Per second over the interval. Nothing if there was one sample only, if the kernel lacks the
  /// counter, or if the counter was reset in between.
  std::optional<double> rate(std::string_view name) const;
};

}  // namespace advisor
