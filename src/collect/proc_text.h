#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/counters.h"

namespace advisor {

/// Adds what /proc/net/snmp and /proc/net/netstat hold: pairs of lines "Tcp: names" and
/// "Tcp: numbers", as "Tcp.ActiveOpens".
void parse_counter_table(std::string_view text, CounterValues& counters);

/// Adds what /proc/net/sockstat holds: "TCP: inuse 5 orphan 0 tw 3" as "sockstat.TCP.tw".
void parse_sockstat(std::string_view text, CounterValues& counters);

/// Adds what /proc/net/snmp6 holds: a name and a number a line, as "snmp6.Udp6RcvbufErrors".
void parse_snmp6(std::string_view text, CounterValues& counters);

/// Adds what /proc/net/softnet_stat holds, summed over the CPUs: "softnet.processed",
/// "softnet.dropped", "softnet.time_squeeze".
void parse_softnet(std::string_view text, CounterValues& counters);

/// Adds what a file of /proc/net/stat holds: names, then hexadecimal numbers a line for each CPU.
/// "entries" stands on every line for the whole; all others are summed.
void parse_cpu_table(std::string_view table, std::string_view text, CounterValues& counters);

/// One field of /proc/meminfo, such as "MemTotal", in bytes.
std::optional<int64_t> parse_meminfo(std::string_view meminfo, const std::string& field);

/// The interfaces that carry a default route by /proc/net/route, sorted, each once.
std::vector<std::string> parse_default_interfaces(std::string_view routes);

}  // namespace advisor
