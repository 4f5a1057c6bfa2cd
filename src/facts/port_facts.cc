#include <algorithm>
#include <array>
#include <cstdlib>

#include "facts/fact_values.h"
#include "facts/facts.h"
#include "facts/port_pressure.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr std::string_view kRange = "net.ipv4.ip_local_port_range";
constexpr std::string_view kReserved = "net.ipv4.ip_local_reserved_ports";
constexpr std::string_view kHashBuckets = "net.ipv4.tcp_ehash_entries";

/// What facts stand on.
constexpr std::array kOnRange{kRange};
constexpr std::array kOnRangeAndReserved{kRange, kReserved};
constexpr std::array kOnHashBuckets{kHashBuckets};
constexpr std::array kOnReuse{kTimeWaitReuse, kTimestamps};

template <typename Compute>
Value from_busiest(const Snapshot& snapshot, Compute compute) {
  return from_sockets(snapshot,
                      [&](const SocketLoad&) { return compute(busiest_ports(snapshot)); });
}

/// As from_busiest, but of the sockets towards that destination; `none` where there are none.
template <typename Compute, typename None>
Value from_busiest_load(const Snapshot& snapshot, None none, Compute compute) {
  return from_busiest(snapshot, [&](const PortPressure& busiest) {
    return busiest.load ? None(compute(*busiest.load)) : none;
  });
}

template <typename Compute, typename None>
Value from_churn(const Snapshot& snapshot, None none, Compute compute) {
  return from_sockets(snapshot, [&](const SocketLoad& load) {
    const DestinationLoad* busiest = busiest_churn(load);
    return busiest ? None(compute(*busiest)) : none;
  });
}

Value busiest_round_trip(const Snapshot& snapshot, double share) {
  const Unknown none{{"no connection established to the busiest destination told its round trip"}};
  return from_busiest(snapshot, [&](const PortPressure& busiest) -> Value {
    const auto time = busiest.load ? busiest.load->round_trips.quantile(share) : std::nullopt;
    return time ? Value(*time) : Value(none);
  });
}

/// tcp_ehash_entries is negative in a namespace that shares the table of the host (net/ipv4/
/// sysctl_net_ipv4.c, proc_tcp_ehash_entries).
Value default_time_wait_limit(const Snapshot& snapshot) {
  const auto entries = parameter_number(snapshot, kHashBuckets);
  if (entries) return std::abs(*entries) / 2;
  return Unknown{{"net.ipv4.tcp_ehash_entries could not be read (kernels since 6.1 have it)"}};
}

std::string destination_text(const DestinationLoad& load) {
  return endpoint_text(load.destination.address, load.destination.port);
}

std::optional<PortSet::Range> configured_range(const Snapshot& snapshot) {
  const auto low = parameter_number(snapshot, kRange, 0);
  const auto high = parameter_number(snapshot, kRange, 1);
  if (!low || !high) return std::nullopt;
  return PortSet::Range{int(*low), int(*high)};
}

std::optional<PortSet> reserved_ports(const Snapshot& snapshot) {
  const Reading text = snapshot.reading(*ParameterName::parse(kReserved));
  return text ? PortSet::parse(text->text()) : std::nullopt;
}

/// The listening ports that connect() could hand out if they were free.
Value listening_unreserved(const Snapshot& snapshot, const SocketLoad& load) {
  const auto range = configured_range(snapshot);
  const auto reserved = reserved_ports(snapshot);
  if (!range || !reserved) return Unknown{{"which ports are reserved could not be read"}};
  PortSet unreserved;
  for (const ListenerLoad& listener : load.listeners) {
    const int port = listener.port;
    if (port < range->low || port > range->high || reserved->contains(port)) continue;
    unreserved.add({port, port});
  }
  return unreserved.text();
}

/// The ports of the range that are not reserved, as the parameters stand: unlike those that the
/// socket table was judged by, they follow what a plan would make of the host.
Value unreserved_ports(const Snapshot& snapshot) {
  const auto range = configured_range(snapshot);
  if (!range) return Unknown{{"net.ipv4.ip_local_port_range could not be read"}};
  const auto reserved = reserved_ports(snapshot);
  if (!reserved) return Unknown{{"net.ipv4.ip_local_reserved_ports could not be read"}};
  return int64_t{range->high - range->low + 1 - reserved->count_within(*range)};
}

/// The listening ports of the range below the kernel's own low end, where services live.
std::string services_in_range(const Snapshot& snapshot, const SocketLoad& load) {
  const auto range = configured_range(snapshot);
  if (!range) return {};
  constexpr int kKernelLow = 32768;
  return load.listening_ports().within({range->low, std::min(range->high, kKernelLow - 1)}).text();
}

/// The listening ports that are outside of the range and would be in it, were it widened.
std::string listening_in_widened_range(const Snapshot& snapshot, const SocketLoad& load) {
  const auto range = configured_range(snapshot);
  if (!range) return {};
  const PortSet listening = load.listening_ports();
  PortSet swallowed = listening.within({std::min(range->low, kWidenedRange.low), range->low - 1});
  swallowed.add(listening.within({range->high + 1, std::max(range->high, kWidenedRange.high)}));
  return swallowed.text();
}

constexpr std::array kPortFacts{
    Fact{"churn.busiest.destination", Type::kString, "", kSockets,
         "the destination towards which most connections were closed in the last 5 seconds",
         [](const Snapshot& s) { return from_churn(s, std::string("none"), destination_text); }},
    Fact{"churn.busiest.live", Type::kInt, "sockets", kSockets,
         "connections to that destination that are open now",
         [](const Snapshot& s) {
           return from_churn(s, int64_t{0}, [](const DestinationLoad& l) { return l.live(); });
         }},
    Fact{"churn.busiest.opened_per_second", Type::kDouble, "1/s", kSockets,
         "how many of them were opened and closed per second, from the age of TIME_WAIT",
         [](const Snapshot& s) {
           return from_churn(s, 0.0,
                             [](const DestinationLoad& l) { return l.opened_per_second(); });
         }},
    Fact{"churn.busiest.pool_size", Type::kInt, "connections", kSockets,
         "the pool that would carry the open ones (their number plus three standard deviations)",
         [](const Snapshot& s) {
           return from_churn(s, int64_t{0},
                             [](const DestinationLoad& l) { return pool_size_for(l.live()); });
         }},
    Fact{"ports.bound", Type::kInt, "ports", kSocketsAndRange,
         "local ports of the range held by sockets that are bound and not connected (Linux 6.8)",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) { return l.bound_ports; });
         }},
    Fact{"ports.busiest.blocked", Type::kInt, "ports", kSocketsAndRange,
         "local ports towards the busiest destination that a new connection cannot take",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.blocked; });
         },
         kOnReuse},
    Fact{"ports.busiest.demand", Type::kDouble, "ports", kSocketsAndRange,
         "ports that the present rate would hold in the long run (rate x 60 s, Little's law)",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.demand(); });
         },
         kOnReuse},
    Fact{"ports.busiest.destination", Type::kString, "", kSockets,
         "the destination towards which local ports are scarcest",
         [](const Snapshot& s) {
           return from_busiest_load(s, std::string("none"), destination_text);
         },
         kOnReuse},
    Fact{"ports.busiest.exhausted_in_seconds", Type::kDouble, "seconds", kSocketsAndRange,
         "when the range runs out at the present rate; infinity if it holds",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.exhausted_in_seconds(); });
         },
         kOnReuse},
    Fact{"ports.busiest.in_use", Type::kInt, "ports", kSocketsAndRange,
         "local ports of the range that sockets towards the busiest destination hold",
         [](const Snapshot& s) {
           return from_busiest_load(s, int64_t{0},
                                    [](const DestinationLoad& l) { return l.ports_in_use; });
         },
         kOnReuse},
    Fact{"ports.busiest.in_use_share", Type::kDouble, "share of 1", kSocketsAndRange,
         "ports in use towards the busiest destination, of the usable ones",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) {
             return p.load ? p.share_of(p.load->ports_in_use) : 0.0;
           });
         },
         kOnReuse},
    Fact{"ports.busiest.live", Type::kInt, "sockets", kSockets,
         "sockets towards the busiest destination that are not in TIME_WAIT",
         [](const Snapshot& s) {
           return from_busiest_load(s, int64_t{0},
                                    [](const DestinationLoad& l) { return l.live(); });
         },
         kOnReuse},
    Fact{"ports.busiest.opened_per_second", Type::kDouble, "1/s", kSockets,
         "connections to the busiest destination opened and closed per second",
         [](const Snapshot& s) {
           return from_busiest_load(s, 0.0,
                                    [](const DestinationLoad& l) { return l.opened_per_second(); });
         },
         kOnReuse},
    Fact{"ports.busiest.owners", Type::kString, "", kOwners,
         "processes with live sockets to it, looked for if it holds a twentieth of the ports",
         [](const Snapshot& s) {
           return from_busiest(s, [&](const PortPressure& p) {
             return p.load ? owners_in_words(*s.sockets, p.load->owners) : "none";
           });
         },
         kOnReuse},
    Fact{"ports.busiest.peer_without_timestamps", Type::kBool, "", kTcpInfo,
         "whether all connections established to it lack TCP timestamps, although they are on here",
         [](const Snapshot& s) {
           const bool on_here = parameter_number(s, kTimestamps).value_or(0) >= 1;
           return from_busiest_load(s, false, [on_here](const DestinationLoad& l) {
             return on_here && l.without_timestamps > 0 && l.with_timestamps == 0;
           });
         },
         kOnReuse},
    Fact{"ports.busiest.pool_size", Type::kInt, "connections", kSockets,
         "the pool that would carry the connections open to it now",
         [](const Snapshot& s) {
           return from_busiest_load(
               s, int64_t{0}, [](const DestinationLoad& l) { return pool_size_for(l.live()); });
         },
         kOnReuse},
    Fact{"ports.busiest.resent_share", Type::kDouble, "share of 1", kTcpInfo,
         "of the data segments that its established connections sent, those sent again",
         [](const Snapshot& s) {
           return from_busiest_load(s, 0.0, [](const DestinationLoad& l) {
             return double(l.resent_segments) / double(std::max<int64_t>(l.sent_segments, 1));
           });
         },
         kOnReuse},
    Fact{"ports.busiest.reuse_works", Type::kBool, "", "sock_diag(7), tcp_tw_reuse, tcp_timestamps",
         "whether its ports in TIME_WAIT are handed out again after one second",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.reuse_works; });
         },
         kOnReuse},
    Fact{"ports.busiest.round_trip_median", Type::kDouble, "seconds", kTcpInfo,
         "the round-trip time that half of the connections established to it do not exceed",
         [](const Snapshot& s) { return busiest_round_trip(s, 0.5); }, kOnReuse},
    Fact{"ports.busiest.round_trip_long", Type::kDouble, "seconds", kTcpInfo,
         "the round-trip time that 95 of 100 of these connections do not exceed",
         [](const Snapshot& s) { return busiest_round_trip(s, 0.95); }, kOnReuse},
    Fact{"ports.busiest.share", Type::kDouble, "share of 1", kSocketsAndRange,
         "blocked ports as a share of the usable ones",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.share_of(p.blocked); });
         },
         kOnReuse},
    Fact{"ports.busiest.source", Type::kString, "", kSockets,
         "the local address that those sockets use",
         [](const Snapshot& s) {
           return from_busiest_load(s, std::string("none"), [](const DestinationLoad& l) {
             return l.destination.source.text();
           });
         },
         kOnReuse},
    Fact{"ports.busiest.sustainable_per_second", Type::kDouble, "1/s", kSocketsAndRange,
         "the rate of new connections at which the range runs out",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.sustainable_per_second(); });
         },
         kOnReuse},
    Fact{"ports.busiest.time_wait", Type::kInt, "ports", kSocketsAndRange,
         "local ports of the range held by TIME_WAIT towards the busiest destination",
         [](const Snapshot& s) {
           return from_busiest_load(s, int64_t{0},
                                    [](const DestinationLoad& l) { return l.time_wait_ports; });
         },
         kOnReuse},
    Fact{"ports.busiest.time_wait_share", Type::kDouble, "share of 1", kSocketsAndRange,
         "ports held by TIME_WAIT towards the busiest destination, of the usable ones",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) {
             return p.load ? p.share_of(p.load->time_wait_ports) : 0.0;
           });
         },
         kOnReuse},
    Fact{"ports.client_share", Type::kDouble, "share of 1", kSocketsAndRange,
         "client-side sockets towards all destinations, of the usable ports; at most 1",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) {
             if (l.client.total() == 0) return 0.0;
             return std::min(
                 1.0, double(l.client.total()) / double(std::max<int64_t>(l.usable_ports, 1)));
           });
         }},
    Fact{"ports.busiest.with_timestamps", Type::kInt, "sockets", kTcpInfo,
         "established connections to the busiest destination whose peer uses TCP timestamps",
         [](const Snapshot& s) {
           return from_busiest_load(s, int64_t{0},
                                    [](const DestinationLoad& l) { return l.with_timestamps; });
         },
         kOnReuse},
    Fact{"ports.busiest.without_timestamps", Type::kInt, "sockets", kTcpInfo,
         "established connections to the busiest destination whose peer does not",
         [](const Snapshot& s) {
           return from_busiest_load(s, int64_t{0},
                                    [](const DestinationLoad& l) { return l.without_timestamps; });
         },
         kOnReuse},
    Fact{"ports.listening_unreserved", Type::kString, "ports", kSocketsAndRange,
         "listening ports inside ip_local_port_range that are not reserved",
         [](const Snapshot& s) {
           return from_sockets(s, [&](const SocketLoad& l) { return listening_unreserved(s, l); });
         },
         kOnRangeAndReserved},
    Fact{"ports.listening_in_widened_range", Type::kString, "ports", kSocketsAndRange,
         "listening ports that would fall into ip_local_port_range if it covered 15000-60999",
         [](const Snapshot& s) {
           return from_sockets(
               s, [&](const SocketLoad& l) { return listening_in_widened_range(s, l); });
         },
         kOnRange},
    Fact{"ports.listening_low", Type::kString, "ports", kSocketsAndRange,
         "listening ports below 32768 that ip_local_port_range takes in",
         [](const Snapshot& s) {
           return from_sockets(s, [&](const SocketLoad& l) { return services_in_range(s, l); });
         },
         kOnRange},
    Fact{"ports.unreserved", Type::kInt, "ports",
         "net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports",
         "ports of the range less the reserved ones, as the two parameters stand", unreserved_ports,
         kOnRangeAndReserved},
    Fact{"ports.usable", Type::kInt, "ports",
         "sock_diag(7), net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports",
         "local ports that connections may use: the range less the reserved ones",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) { return l.usable_ports; });
         }},
    Fact{"time_wait.client", Type::kInt, "sockets", kSockets,
         "TIME_WAIT sockets of connections that this host opened: each holds a local port",
         [](const Snapshot& s) {
           return from_sockets(s,
                               [](const SocketLoad& l) { return l.client[TcpState::kTimeWait]; });
         }},
    Fact{"time_wait.loopback", Type::kInt, "sockets", kSockets,
         "of the client-side TIME_WAIT sockets, those between loopback addresses (tcp_tw_reuse 2)",
         [](const Snapshot& s) {
           return from_sockets(s,
                               [](const SocketLoad& l) { return l.loopback[TcpState::kTimeWait]; });
         }},
    Fact{"time_wait.kernel_limit", Type::kInt, "sockets", "net.ipv4.tcp_ehash_entries",
         "what the kernel sets tcp_max_tw_buckets to by itself: half of its hash buckets",
         [](const Snapshot& s) { return default_time_wait_limit(s); }, kOnHashBuckets},
    Fact{"time_wait.server", Type::kInt, "sockets", kSockets,
         "TIME_WAIT sockets of connections that came in: they hold memory only",
         [](const Snapshot& s) {
           return from_sockets(s,
                               [](const SocketLoad& l) { return l.server[TcpState::kTimeWait]; });
         }},
    Fact{"time_wait.total", Type::kInt, "sockets", kSockets,
         "all TIME_WAIT sockets, which tcp_max_tw_buckets limits", [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) { return l.all()[TcpState::kTimeWait]; });
         }}};

}  // namespace

std::span<const Fact> port_facts() {
  return kPortFacts;
}

}  // namespace advisor
