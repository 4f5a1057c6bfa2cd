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
/// "softnet.dropped", "softnet.time_squeeze"; and for each CPU: "softnet.cpu0.processed" ...
void parse_softnet(std::string_view text, CounterValues& counters);

/// Adds what a file of /proc/net/stat holds: names, then hexadecimal numbers a line for each CPU.
/// "entries" stands on every line for the whole; all others are summed.
void parse_cpu_table(std::string_view table, std::string_view text, CounterValues& counters);

/// Adds what of /proc/vmstat the facts ask for: "vmstat.pswpin"; allocation stalls are summed over
/// the zones ("vmstat.allocstall").
void parse_vmstat(std::string_view text, CounterValues& counters);

/// Adds what of /proc/meminfo the facts ask for, in bytes or pieces: "meminfo.CommitLimit".
void parse_memory_levels(std::string_view meminfo, CounterValues& counters);

/// Adds how long tasks have stalled by /proc/pressure/RESOURCE, in microseconds since boot:
/// "pressure.memory.some".
void parse_pressure(std::string_view resource, std::string_view text, CounterValues& counters);

/// Adds how many tasks there are by /proc/loadavg: "loadavg.tasks".
void parse_loadavg(std::string_view text, CounterValues& counters);

/// Adds how many routes and destinations IPv6 holds by /proc/net/rt6_stats: "rt6_stats.routes",
/// "rt6_stats.destinations".
void parse_rt6_stats(std::string_view text, CounterValues& counters);

/// Adds how many objects of System V /proc/sysvipc/{msg,sem,shm} lists, and how many semaphores all
/// sets hold: "sysvipc.msg", "sysvipc.sem", "sysvipc.shm", "sysvipc.semaphores".
void parse_system_v(std::string_view kind, std::string_view table, CounterValues& counters);

/// Adds the user of /proc/key-users who is nearest to a quota: "keys.user", "keys.count",
/// "keys.count_max", "keys.bytes", "keys.bytes_max".
void parse_key_users(std::string_view text, CounterValues& counters);

/// What an interface lost on its way in, by /proc/net/dev: packets for which its ring had no room.
struct InterfaceLoss {
  std::string name;
  int64_t dropped = 0;  ///< the kernel's own drops (unknown protocols) are among them
  int64_t fifo = 0;
};

/// Of the interfaces that lost any.
std::vector<InterfaceLoss> parse_interface_losses(std::string_view text);

/// One field of /proc/meminfo, such as "MemTotal", in bytes.
std::optional<int64_t> parse_meminfo(std::string_view meminfo, const std::string& field);

/// The interfaces that carry a default route by /proc/net/route, sorted, each once.
std::vector<std::string> parse_default_interfaces(std::string_view routes);

/// Whether /proc/net/ipv6_route has a default route.
bool has_default_route_v6(std::string_view routes);

}  // namespace advisor
