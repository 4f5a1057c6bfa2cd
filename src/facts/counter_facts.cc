#include <algorithm>
#include <array>

#include "facts/fact_values.h"
#include "facts/facts.h"

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
constexpr const char* kNdisc = "/proc/net/stat/ndisc_cache";

/// The name of a counter, as an argument of a template.
template <size_t N>
struct Name {
  char text[N];
  constexpr Name(const char (&literal)[N]) { std::copy_n(literal, N, text); }
};

Unknown not_shown(const char* counter) {
  return {{std::string("this kernel does not show the counter ") + counter}};
}

template <Name kCounter>
Value since_boot(const Snapshot& snapshot) {
  if (const auto total = snapshot.counters.since_boot(kCounter.text)) return *total;
  return not_shown(kCounter.text);
}

template <Name kCounter>
Value rate(const Snapshot& snapshot) {
  if (const auto per_second = snapshot.counters.rate(kCounter.text)) return *per_second;
  if (!snapshot.counters.since_boot(kCounter.text)) return not_shown(kCounter.text);
  return Unknown{{"rates need two samples: use --interval 1s or longer"}};
}

constexpr std::array kCounterFacts{
    Fact{"connections.incoming_per_second", Type::kDouble, "1/s", kSnmp,
         "connections accepted per second (PassiveOpens)", rate<"Tcp.PassiveOpens">},
    Fact{"connections.outgoing_per_second", Type::kDouble, "1/s", kSnmp,
         "connections opened per second (ActiveOpens)", rate<"Tcp.ActiveOpens">},
    Fact{"tcp.segments_sent_per_second", Type::kDouble, "1/s", kSnmp,
         "segments sent, those sent again not counted (OutSegs)", rate<"Tcp.OutSegs">},
    Fact{"tcp.segments_resent_per_second", Type::kDouble, "1/s", kSnmp,
         "segments sent again (RetransSegs)", rate<"Tcp.RetransSegs">},
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
    Fact{"softnet.packets_per_second", Type::kDouble, "1/s", kSoftnet,
         "packets received (processed)", rate<"softnet.processed">},
    Fact{"conntrack.loaded", Type::kBool, "", kConntrack,
         "whether connection tracking is there (module nf_conntrack)",
         [](const Snapshot& s) { return has_counters_of(s, "nf_conntrack."); }},
    Fact{"conntrack.drops_per_second", Type::kDouble, "1/s", kConntrack,
         "packets dropped because the connection table was full (drop)", rate<"nf_conntrack.drop">},
    Fact{"conntrack.early_drops_per_second", Type::kDouble, "1/s", kConntrack,
         "tracked connections thrown out early to make room (early_drop)",
         rate<"nf_conntrack.early_drop">},
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
    Fact{"udp.memory_pages", Type::kInt, "pages", kSockstat, "memory that UDP buffers hold",
         since_boot<"sockstat.UDP.mem">},
    Fact{"udp.sockets", Type::kInt, "sockets", kSockstat, "UDP sockets",
         since_boot<"sockstat.UDP.inuse">}};

}  // namespace

std::span<const Fact> counter_facts() {
  return kCounterFacts;
}

}  // namespace advisor
