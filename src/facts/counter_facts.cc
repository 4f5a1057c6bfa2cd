#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "facts/fact_values.h"
#include "facts/facts.h"
#include "facts/port_pressure.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr const char* kSnmp = "/proc/net/snmp";
constexpr const char* kSnmp6 = "/proc/net/snmp6";
constexpr const char* kNetstat = "/proc/net/netstat";
constexpr const char* kSockstat = "/proc/net/sockstat";
constexpr const char* kSoftnet = "/proc/net/softnet_stat";
constexpr const char* kConntrack = "/proc/net/stat/nf_conntrack";
constexpr const char* kArp = "/proc/net/stat/arp_cache";
constexpr std::string_view kTracked = "net.netfilter.nf_conntrack_count";
constexpr std::array kOnTracked{kTracked};
constexpr const char* kReversePath = "net.ipv4.conf.*.rp_filter";
constexpr std::string_view kReversePathOfAll = "net.ipv4.conf.all.rp_filter";
constexpr std::array kOnReversePath{kReversePathOfAll};
constexpr const char* kInterfaces = "/proc/net/dev, /sys/class/net/*/statistics/rx_missed_errors";
constexpr const char* kNdisc = "/proc/net/stat/ndisc_cache";

Value segments_resent(const Snapshot& snapshot) {
  const Value all = rate<"Tcp.RetransSegs">(snapshot);
  const Value of_handshakes = rate<"TcpExt.TCPSynRetrans">(snapshot);
  if (!std::holds_alternative<double>(all)) return all;
  if (!std::holds_alternative<double>(of_handshakes)) return of_handshakes;
  return std::max(0.0, std::get<double>(all) - std::get<double>(of_handshakes));
}

/// The counter of each CPU ("softnet.cpu3.processed"), per second, with the number of the CPU.
std::vector<std::pair<double, int64_t>> rates_of_cpus(const Snapshot& snapshot,
                                                      std::string_view column) {
  std::vector<std::pair<double, int64_t>> rates;
  constexpr std::string_view kPrefix = "softnet.cpu";
  for (const auto& [name, value] : snapshot.counters.last) {
    const std::string_view text = name.view();
    if (!text.starts_with(kPrefix) || !text.ends_with(column)) continue;
    const auto before = snapshot.counters.first.find(name);
    const double seconds = snapshot.counters.interval_seconds;
    const std::string_view number = text.substr(kPrefix.size());
    if (before != snapshot.counters.first.end() && seconds > 0) {
      // The kernel counts in 32 bits, which a busy CPU fills within the hour.
      rates.emplace_back(double(uint32_t(value) - uint32_t(before->second)) / seconds,
                         parse_decimal(number.substr(0, number.find('.'))).value_or(0));
    }
  }
  std::ranges::sort(rates, std::greater());
  return rates;
}

/// Of the CPU where the counter rises fastest.
template <Name kColumn, typename Compute>
Value of_worst_cpu(const Snapshot& snapshot, Compute compute) {
  const auto rates = rates_of_cpus(snapshot, kColumn.text);
  if (!rates.empty()) return Value(compute(rates));
  // Why there are none: as for the sum over all CPUs.
  const Value sum = rate<"softnet.processed">(snapshot);
  return expr::is_unknown(sum) ? sum : not_shown("softnet.cpuN");
}

using CpuRates = std::vector<std::pair<double, int64_t>>;

double share_of_first(const CpuRates& rates) {
  double all = 0;
  for (const auto& [per_second, cpu] : rates) all += per_second;
  return all > 0 ? rates.front().first / all : 0;
}

/// "eth0 (1500 packets/s)", of the interfaces that lost any in the interval.
Value losing_interfaces(const Snapshot& snapshot) {
  constexpr std::string_view kPrefix = "interface.", kSuffix = ".lost";
  if (!snapshot.counters.rate("interfaces.lost")) return rate<"interfaces.lost">(snapshot);
  std::vector<std::string> losing;
  for (const auto& [name, value] : snapshot.counters.last) {
    const std::string_view text = name.view();
    if (!text.starts_with(kPrefix) || !text.ends_with(kSuffix)) continue;
    const auto before = snapshot.counters.first.find(name);
    const int64_t lost = value - (before == snapshot.counters.first.end() ? 0 : before->second);
    if (lost <= 0) continue;
    losing.push_back(
        fmt::format("{} ({:.0f} packets/s)",
                    text.substr(kPrefix.size(), text.size() - kPrefix.size() - kSuffix.size()),
                    double(lost) / snapshot.counters.interval_seconds));
  }
  std::ranges::sort(losing);
  return join(losing, ", ");
}

/// "0.0.0.0:514 (600 datagrams lost, 8.1 MB unread, rsyslogd (pid 812))".
Value dropping_sockets(const Snapshot& snapshot) {
  if (!snapshot.datagrams) return Unknown{{snapshot.datagrams.error().message}};
  std::vector<std::string> dropping;
  for (const DatagramSocket& socket : snapshot.datagrams->dropping) {
    const std::string owners = socket.owners.empty() ? "" : ", " + owners_text(socket.owners);
    dropping.push_back(fmt::format("{} ({} datagrams lost{}, {} bytes wait to be read{})",
                                   endpoint_text(socket.address, socket.port),
                                   grouped_digits(socket.dropped),
                                   socket.since_made ? " since it was made" : "",
                                   grouped_digits(socket.waiting_bytes), owners));
  }
  return dropping.empty() ? "not known" : join(dropping, ", ");
}

/// "eth0, eth1": the interfaces whose reverse path check is this one. The larger of conf.all and
/// conf.INTERFACE counts (IN_DEV_RPFILTER, include/linux/inetdevice.h).
template <int64_t kCheck, bool kOfDefaultRoute = false>
Value interfaces_checked(const Snapshot& snapshot) {
  const auto all = parameter_number(snapshot, kReversePathOfAll);
  if (!all) return Unknown{{"net.ipv4.conf.all.rp_filter could not be read"}};
  if (!snapshot.host.reverse_path_filters) {
    return Unknown{{"rp_filter of the interfaces could not be read"}};
  }
  const auto& routes = snapshot.host.default_interfaces;
  if (!routes) return Unknown{{"/proc/net/route could not be read"}};
  std::vector<std::string> interfaces;
  for (const auto& [interface, own] : *snapshot.host.reverse_path_filters) {
    const bool has_route = std::ranges::find(*routes, interface) != routes->end();
    if (kOfDefaultRoute && !has_route) continue;
    if (std::max(*all, own) == kCheck && interface != "lo") interfaces.push_back(interface);
  }
  return join(interfaces, ", ");
}

constexpr std::array kCounterFacts{
    Fact{"connections.incoming_per_second", Type::kDouble, "1/s", kSnmp,
         "connections accepted per second (PassiveOpens)", rate<"Tcp.PassiveOpens">},
    Fact{"connections.outgoing_per_second", Type::kDouble, "1/s", kSnmp,
         "connections opened per second (ActiveOpens)", rate<"Tcp.ActiveOpens">},
    Fact{"tcp.segments_sent_per_second", Type::kDouble, "1/s", kSnmp,
         "segments sent, those sent again not counted (OutSegs)", rate<"Tcp.OutSegs">},
    Fact{"tcp.segments_resent_per_second", Type::kDouble, "1/s", kNetstat,
         "segments sent again, those of handshakes not counted (RetransSegs less TCPSynRetrans)",
         segments_resent},
    Fact{"tcp.handshakes_resent_per_second", Type::kDouble, "1/s", kNetstat,
         "connection requests, and answers to them, sent again (TCPSynRetrans)",
         rate<"TcpExt.TCPSynRetrans">},
    Fact{"tcp.listen_drops_per_second", Type::kDouble, "1/s", kNetstat,
         "connection requests that a listener dropped for whatever reason (ListenDrops)",
         rate<"TcpExt.ListenDrops">},
    Fact{"tcp.listen_overflows_per_second", Type::kDouble, "1/s", kNetstat,
         "connections turned away because an accept queue was full (ListenOverflows)",
         rate<"TcpExt.ListenOverflows">},
    Fact{"tcp.request_drops_per_second", Type::kDouble, "1/s", kNetstat,
         "connection requests dropped because the SYN queue was full (TCPReqQFullDrop)",
         rate<"TcpExt.TCPReqQFullDrop">},
    Fact{"tcp.request_cookies_per_second", Type::kDouble, "1/s", kNetstat,
         "connection requests answered with a cookie because the SYN queue was full "
         "(TCPReqQFullDoCookies)",
         rate<"TcpExt.TCPReqQFullDoCookies">},
    Fact{"tcp.cookies_sent_per_second", Type::kDouble, "1/s", kNetstat,
         "connection requests answered with a cookie (SyncookiesSent)",
         rate<"TcpExt.SyncookiesSent">},
    Fact{"tcp.cookies_returned_per_second", Type::kDouble, "1/s", kNetstat,
         "connections made from a cookie that came back (SyncookiesRecv)",
         rate<"TcpExt.SyncookiesRecv">},
    Fact{"tcp.time_wait_overflows_per_second", Type::kDouble, "1/s", kNetstat,
         "sockets destroyed without TIME_WAIT because of tcp_max_tw_buckets (TCPTimeWaitOverflow)",
         rate<"TcpExt.TCPTimeWaitOverflow">},
    Fact{"tcp.time_wait_overflows_since_boot", Type::kInt, "sockets", kNetstat,
         "the same since boot: shown, but no rule may decide by it",
         since_boot<"TcpExt.TCPTimeWaitOverflow">},
    Fact{"tcp.time_wait_reused_per_second", Type::kDouble, "1/s", kNetstat,
         "ports in TIME_WAIT taken over by a new connection (TWRecycled)",
         rate<"TcpExt.TWRecycled">},
    Fact{"tcp.memory_pressures_per_second", Type::kDouble, "1/s", kNetstat,
         "times that TCP came under memory pressure (TCPMemoryPressures)",
         rate<"TcpExt.TCPMemoryPressures">},
    Fact{"tcp.memory_pressures_since_boot", Type::kInt, "times", kNetstat,
         "the same since boot: shown, but no rule may decide by it",
         since_boot<"TcpExt.TCPMemoryPressures">},
    Fact{"tcp.prunes_per_second", Type::kDouble, "1/s", kNetstat,
         "receive queues pruned because their buffer was full (PruneCalled)",
         rate<"TcpExt.PruneCalled">},
    Fact{"tcp.collapses_per_second", Type::kDouble, "1/s", kNetstat,
         "segments merged to save receive buffer (TCPRcvCollapsed)",
         rate<"TcpExt.TCPRcvCollapsed">},
    Fact{"tcp.receive_drops_per_second", Type::kDouble, "1/s", kNetstat,
         "segments dropped because a receive buffer was full (TCPRcvQDrop)",
         rate<"TcpExt.TCPRcvQDrop">},
    Fact{"tcp.backlog_drops_per_second", Type::kDouble, "1/s", kNetstat,
         "segments dropped because the queue of a busy socket was full (TCPBacklogDrop)",
         rate<"TcpExt.TCPBacklogDrop">},
    Fact{"tcp.memory_aborts_per_second", Type::kDouble, "1/s", kNetstat,
         "connections reset for want of memory, or because there were too many orphans "
         "(TCPAbortOnMemory)",
         rate<"TcpExt.TCPAbortOnMemory">},
    Fact{"tcp.paws_rejects_per_second", Type::kDouble, "1/s", kNetstat,
         "segments rejected by their timestamp (PAWSEstab)", rate<"TcpExt.PAWSEstab">},
    Fact{"tcp.mtu_probe_failures_per_second", Type::kDouble, "1/s", kNetstat,
         "probes for a smaller path MTU that failed (TCPMTUPFail)", rate<"TcpExt.TCPMTUPFail">},
    Fact{"ip.bytes_received_per_second", Type::kDouble, "bytes/s", kNetstat,
         "bytes received over IPv4, over loopback as well (InOctets)", rate<"IpExt.InOctets">},
    Fact{"ip.reverse_path_drops_per_second", Type::kDouble, "1/s", kNetstat,
         "packets dropped by rp_filter (IPReversePathFilter)", rate<"TcpExt.IPReversePathFilter">},
    Fact{"reverse_path.default_unchecked", Type::kString, "", kReversePath,
         "the interfaces with a default route that check no source address (rp_filter 0)",
         interfaces_checked<0, true>, kOnReversePath},
    Fact{"reverse_path.unchecked", Type::kString, "", kReversePath,
         "those that check none; of all interfaces where packets were dropped by it",
         interfaces_checked<0>, kOnReversePath},
    Fact{"reverse_path.strict", Type::kString, "", kReversePath,
         "those that check it strictly (1); of all interfaces where packets were dropped by it",
         interfaces_checked<1>, kOnReversePath},
    Fact{"reverse_path.loose", Type::kString, "", kReversePath,
         "those that check it loosely (2); of all interfaces where packets were dropped by it",
         interfaces_checked<2>, kOnReversePath},
    Fact{"ip.reassembly_failures_per_second", Type::kDouble, "1/s", kSnmp,
         "packets whose fragments could not be put together (ReasmFails)", rate<"Ip.ReasmFails">},
    Fact{"ip.fragmentation_failures_per_second", Type::kDouble, "1/s", kSnmp,
         "packets too large for the next link that must not be fragmented (FragFails)",
         rate<"Ip.FragFails">},
    Fact{"udp.receive_buffer_errors_per_second", Type::kDouble, "1/s", kSnmp,
         "datagrams dropped because a receive buffer was full (RcvbufErrors)",
         rate<"Udp.RcvbufErrors">},
    Fact{"udp.receive_buffer_errors_since_boot", Type::kInt, "datagrams", kSnmp,
         "the same since boot: shown, but no rule may decide by it",
         since_boot<"Udp.RcvbufErrors">},
    Fact{"udp.send_buffer_errors_per_second", Type::kDouble, "1/s", kSnmp,
         "datagrams not sent because a send buffer was full (SndbufErrors)",
         rate<"Udp.SndbufErrors">},
    Fact{"udp.memory_errors_per_second", Type::kDouble, "1/s", kSnmp,
         "datagrams dropped because of udp_mem (MemErrors)", rate<"Udp.MemErrors">},
    Fact{"udp.v6_receive_buffer_errors_per_second", Type::kDouble, "1/s", kSnmp6,
         "the same over IPv6 (Udp6RcvbufErrors)", rate<"snmp6.Udp6RcvbufErrors">},
    Fact{"udp.v6_send_buffer_errors_per_second", Type::kDouble, "1/s", kSnmp6,
         "datagrams not sent over IPv6 because a send buffer was full (Udp6SndbufErrors)",
         rate<"snmp6.Udp6SndbufErrors">},
    Fact{"udp.v6_memory_errors_per_second", Type::kDouble, "1/s", kSnmp6,
         "datagrams over IPv6 dropped because of udp_mem (Udp6MemErrors)",
         rate<"snmp6.Udp6MemErrors">},
    Fact{"softnet.drops_per_second", Type::kDouble, "1/s", kSoftnet,
         "packets dropped because the queue of a CPU was full (dropped)", rate<"softnet.dropped">},
    Fact{"softnet.squeezes_per_second", Type::kDouble, "1/s", kSoftnet,
         "times that a CPU had to stop receiving with packets left over (time_squeeze)",
         rate<"softnet.time_squeeze">},
    Fact{"softnet.busiest_cpu", Type::kInt, "", kSoftnet, "the CPU that received most packets",
         [](const Snapshot& s) {
           return of_worst_cpu<".processed">(s, [](const CpuRates& r) { return r[0].second; });
         }},
    Fact{"softnet.busiest_cpu_share", Type::kDouble, "share of 1", kSoftnet,
         "of all packets in the interval, those that this CPU received",
         [](const Snapshot& s) { return of_worst_cpu<".processed">(s, share_of_first); }},
    Fact{"softnet.worst_cpu_squeezes_per_second", Type::kDouble, "1/s", kSoftnet,
         "rounds ended early of the CPU that has most of them (time_squeeze)",
         [](const Snapshot& s) {
           return of_worst_cpu<".time_squeeze">(s, [](const CpuRates& r) { return r[0].first; });
         }},
    Fact{"softnet.dropping_cpu", Type::kInt, "", kSoftnet,
         "the CPU whose queue dropped most packets",
         [](const Snapshot& s) {
           return of_worst_cpu<".dropped">(s, [](const CpuRates& r) { return r[0].second; });
         }},
    Fact{"interfaces.lost_per_second", Type::kDouble, "1/s", kInterfaces,
         "packets for which cards had no room in their rings (rx_missed_errors, rx_fifo_errors)",
         rate<"interfaces.lost">},
    Fact{"interfaces.losing", Type::kString, "", kInterfaces,
         "the interfaces that lost such packets in the interval, with how many", losing_interfaces},
    Fact{"softnet.packets_per_second", Type::kDouble, "1/s", kSoftnet,
         "packets received (processed)", rate<"softnet.processed">},
    Fact{"conntrack.loaded", Type::kBool, "", kConntrack,
         "whether connection tracking is there (module nf_conntrack)",
         [](const Snapshot& s) -> Value {
           if (parameter_number(s, kTracked)) return true;
           return has_counters_of(s, "nf_conntrack.");
         },
         kOnTracked, "connections are tracked here",
         "no connection is tracked here: the module nf_conntrack is not loaded"},
    Fact{"conntrack.counted",
         Type::kBool,
         "",
         kConntrack,
         "whether the kernel shows what it drops (CONFIG_NF_CONNTRACK_PROCFS)",
         [](const Snapshot& s) { return has_counters_of(s, "nf_conntrack."); },
         {},
         "this kernel shows what connection tracking drops",
         "this kernel does not show what connection tracking drops"},
    Fact{"conntrack.drops_per_second", Type::kDouble, "1/s", kConntrack,
         "packets dropped because the connection table was full (drop)", rate<"nf_conntrack.drop">},
    Fact{"conntrack.early_drops_per_second", Type::kDouble, "1/s", kConntrack,
         "tracked connections thrown out early to make room (early_drop)",
         rate<"nf_conntrack.early_drop">},
    Fact{"conntrack.invalid_per_second", Type::kDouble, "1/s", kConntrack,
         "packets that belong to no connection, or not at that place of one (invalid)",
         rate<"nf_conntrack.invalid">},
    Fact{"conntrack.insert_failures_per_second", Type::kDouble, "1/s", kConntrack,
         "connections that could not be entered (insert_failed)",
         rate<"nf_conntrack.insert_failed">},
    Fact{"neighbours.v4_entries", Type::kInt, "entries", kArp,
         "entries of the IPv4 neighbour table", since_boot<"arp_cache.entries">},
    Fact{"neighbours.v4_overflows_per_second", Type::kDouble, "1/s", kArp,
         "neighbours not learned because the table was full (table_fulls)",
         rate<"arp_cache.table_fulls">},
    Fact{"neighbours.v6_entries", Type::kInt, "entries", kNdisc,
         "entries of the IPv6 neighbour table", since_boot<"ndisc_cache.entries">},
    Fact{"neighbours.v6_overflows_per_second", Type::kDouble, "1/s", kNdisc,
         "neighbours not learned because the table was full (table_fulls)",
         rate<"ndisc_cache.table_fulls">},
    Fact{"tcp.orphans", Type::kInt, "sockets", kSockstat,
         "TCP sockets that no application holds any more", since_boot<"sockstat.TCP.orphan">},
    Fact{"tcp.memory_pages", Type::kInt, "pages", kSockstat, "memory that TCP buffers hold",
         since_boot<"sockstat.TCP.mem">},
    Fact{"udp.dropping_waits_bytes", Type::kInt, "bytes", "/proc/net/udp",
         "the most that waits to be read by one of the sockets that lost datagrams",
         [](const Snapshot& s) -> Value {
           if (!s.datagrams) return Unknown{{s.datagrams.error().message}};
           int64_t most = 0;
           for (const DatagramSocket& socket : s.datagrams->dropping) {
             most = std::max(most, socket.waiting_bytes);
           }
           return most;
         }},
    Fact{"udp.dropping", Type::kString, "", "/proc/net/udp, /proc/PID/fd",
         "the UDP sockets that lost datagrams in the interval, with what waits and who reads",
         dropping_sockets},
    Fact{"ip.fragment_bytes", Type::kInt, "bytes", kSockstat,
         "memory that fragments of IPv4 wait in to be put together",
         since_boot<"sockstat.FRAG.memory">},
    Fact{"ip.v6_fragment_bytes", Type::kInt, "bytes", "/proc/net/sockstat6", "the same of IPv6",
         since_boot<"sockstat.FRAG6.memory">},
    Fact{"ip.v6_reassembly_failures_per_second", Type::kDouble, "1/s", kSnmp6,
         "packets of IPv6 whose fragments could not be put together (Ip6ReasmFails)",
         rate<"snmp6.Ip6ReasmFails">},
    Fact{"ip.v6_no_routes_per_second", Type::kDouble, "1/s", "/proc/net/snmp6",
         "packets of this host for which IPv6 found no route (Ip6OutNoRoutes)",
         rate<"snmp6.Ip6OutNoRoutes">},
    Fact{"ip.v6_destinations", Type::kInt, "entries", "/proc/net/rt6_stats",
         "destinations that IPv6 holds (before 6.3 limited by net.ipv6.route.max_size)",
         since_boot<"rt6_stats.destinations">},
    Fact{"icmp.suppressed_per_second", Type::kDouble, "1/s", kSnmp,
         "ICMP errors not sent because of net.ipv4.icmp_msgs_per_sec (OutRateLimitGlobal)",
         rate<"Icmp.OutRateLimitGlobal">},
    Fact{"ip.checksum_errors_per_second", Type::kDouble, "1/s", kNetstat,
         "segments of TCP dropped because of a wrong checksum (Tcp InCsumErrors)",
         rate<"Tcp.InCsumErrors">},
    Fact{"neighbours.v4_forced_collections_per_second", Type::kDouble, "1/s", kArp,
         "times that entries were thrown out to make room (forced_gc_runs)",
         rate<"arp_cache.forced_gc_runs">},
    Fact{"neighbours.v6_forced_collections_per_second", Type::kDouble, "1/s", kNdisc,
         "times that entries were thrown out to make room (forced_gc_runs)",
         rate<"ndisc_cache.forced_gc_runs">},
    Fact{"conntrack.count", Type::kInt, "entries", kConntrack,
         "tracked connections of this network namespace", since_boot<"nf_conntrack.entries">},
    Fact{"udp.memory_pages", Type::kInt, "pages", kSockstat, "memory that UDP buffers hold",
         since_boot<"sockstat.UDP.mem">},
    Fact{"udp.sockets", Type::kInt, "sockets", kSockstat, "UDP sockets",
         since_boot<"sockstat.UDP.inuse">}};

}  // namespace

std::span<const Fact> counter_facts() {
  return kCounterFacts;
}

}  // namespace advisor
