#pragma once

#include <optional>
#include <string_view>

#include "model/counters.h"

namespace advisor {

/// Adds what /proc/net/snmp and /proc/net/netstat hold: pairs of lines "Tcp: names" and
/// "Tcp: numbers", as "Tcp.ActiveOpens".
void parse_counter_table(std::string_view text, CounterValues& counters);

/// Adds what /proc/net/sockstat holds: "TCP: inuse 5 orphan 0 tw 3" as "sockstat.TCP.tw".
void parse_sockstat(std::string_view text, CounterValues& counters);

/// MemTotal of /proc/meminfo, in bytes.
std::optional<int64_t> parse_memory_bytes(std::string_view meminfo);

}  // namespace advisor
