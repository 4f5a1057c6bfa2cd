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

/// tcp_ehash_entries is negative in a namespace that shares the table of the host (net/ipv4/
/// sysctl_net_ipv4.c, proc_tcp_ehash_entries).
Value default_time_wait_limit(const Snapshot& snapshot) {
  const auto entries = parameter_number(snapshot, kHashBuckets);
  if (entries) return std::abs(*entries) / 2;
  return Unknown{{"net.ipv4.tcp_ehash_entries could not be read (kernels since 6.1 have it)"}};
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

/// Whether an outgoing connection from one of the addresses in use could take the listener's port.
bool may_clash(const ListenerLoad& listener, const SocketLoad& load) {
  if (listener.address.bytes() == IpAddress().bytes()) return true;  // on any address
  return std::ranges::any_of(load.destinations, [&](const DestinationLoad& to) {
    return to.destination.source == listener.address;
  });
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
    if (may_clash(listener, load)) unreserved.add({port, port});
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

/// Of the range, and not reserved: nobody is given a reserved port.
Value udp_ports_in_use(const Snapshot& snapshot) {
  const auto range = configured_range(snapshot);
  const auto reserved = reserved_ports(snapshot);
  if (!range || !reserved) return Unknown{{"which ports are usable could not be read"}};
  if (!snapshot.datagrams) return Unknown{{snapshot.datagrams.error().message}};
  if (!snapshot.datagrams->ports) return Unknown{{"this snapshot does not hold the ports of UDP"}};
  PortSet taken = *snapshot.datagrams->ports;
  taken.add(*reserved);
  return int64_t{taken.count_within(*range) - reserved->count_within(*range)};
}

/// The listening ports of the range below the kernel's own low end, where services live.
std::string services_in_range(const Snapshot& snapshot, const SocketLoad& load) {
  const auto range = configured_range(snapshot);
  if (!range) return {};
  constexpr int kKernelLow = 32768;
  return load.listening_ports().within({range->low, std::min(range->high, kKernelLow - 1)}).text();
}

/// The ports that kube-proxy and its like answer on without a socket (--service-node-port-range).
constexpr PortSet::Range kNodePorts{30000, 32767};

/// The ports of services that are outside of the range and would be in it, were it widened.
Value services_in_widened_range(const Snapshot& snapshot, const SocketLoad& load) {
  const auto range = configured_range(snapshot);
  if (!range) return std::string();
  if (!snapshot.host.kubernetes) {
    return Unknown{{"whether this is a node of Kubernetes could not be told"}};
  }
  if (!snapshot.datagrams) return Unknown{{snapshot.datagrams.error().message}};
  PortSet services = load.listening_ports();
  services.add(snapshot.datagrams->bound);
  if (*snapshot.host.kubernetes) services.add(kNodePorts);
  PortSet swallowed = services.within({std::min(range->low, kWidenedRange.low), range->low - 1});
  swallowed.add(services.within({range->high + 1, std::max(range->high, kWidenedRange.high)}));
  return swallowed.text();
}

constexpr std::array kPortRangeFacts{
    Fact{"ports.bound", Type::kInt, "ports", kSocketsAndRange,
         "local ports of the range held by sockets that are bound and not connected (Linux 6.8)",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) { return l.bound_ports; });
         }},
    Fact{"ports.client_share", Type::kDouble, "share of 1", kSocketsAndRange,
         "client-side sockets towards all destinations, of the usable ports; at most 1",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) {
             if (l.client.total() == 0) return 0.0;
             return std::min(
                 1.0, double(l.client.total()) / double(std::max<int64_t>(l.usable_ports, 1)));
           });
         }},
    Fact{
        "ports.listening_unreserved", Type::kString, "ports", kSocketsAndRange,
        "listening ports inside ip_local_port_range that are not reserved, on addresses from which "
        "connections go out",
        [](const Snapshot& s) {
          return from_sockets(s, [&](const SocketLoad& l) { return listening_unreserved(s, l); });
        },
        kOnRangeAndReserved},
    Fact{"ports.services_in_widened_range", Type::kString, "ports",
         "sock_diag(7), /proc/net/udp, files of kubelet and the like, net.ipv4.ip_local_port_range",
         "ports of services that would fall into ip_local_port_range if it covered 15000-60999: "
         "that are listened on, bound by UDP sockets, or NodePorts of Kubernetes",
         [](const Snapshot& s) {
           return from_sockets(
               s, [&](const SocketLoad& l) { return services_in_widened_range(s, l); });
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
    Fact{"udp.local_ports", Type::kInt, "ports",
         "/proc/net/udp, net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports",
         "usable local ports that UDP sockets hold on the address that has most of them, those of "
         "sockets without an address included",
         udp_ports_in_use, kOnRangeAndReserved},
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

std::span<const Fact> port_range_facts() {
  return kPortRangeFacts;
}

}  // namespace advisor
