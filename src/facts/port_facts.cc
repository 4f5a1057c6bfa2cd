#include <algorithm>
#include <array>

#include "facts/fact_values.h"
#include "facts/facts.h"
#include "facts/port_pressure.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr const char* kSocketsAndOpens = "sock_diag(7), /proc/net/snmp";

/// What facts stand on.
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

std::string destination_text(const DestinationLoad& load) {
  return endpoint_text(load.destination.address, load.destination.port);
}

int64_t pool_size_towards(const DestinationLoad& load) {
  return pool_size_for(load.states[TcpState::kEstablished]);
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
           return from_churn(s, 0.0, [&](const DestinationLoad& l) {
             return churn_trust(s).scale * s.sockets->closed_per_second(l);
           });
         }},
    Fact{"churn.busiest.pool_size", Type::kInt, "connections", kSockets,
         "the pool that would carry the established ones (plus three standard deviations)",
         [](const Snapshot& s) { return from_churn(s, int64_t{0}, pool_size_towards); }},
    Fact{"churn.busiest.opened_in_words", Type::kString, "1/s", kSocketsAndOpens,
         "that rate as text, with \"at least\" where connections leave no TIME_WAIT row that lasts",
         [](const Snapshot& s) {
           return from_churn(s, std::string("0"), [&](const DestinationLoad& l) {
             const ChurnTrust trust = churn_trust(s);
             return rate_in_words(trust.scale * s.sockets->closed_per_second(l), trust.is_whole);
           });
         }},
    Fact{"ports.busiest.blocked", Type::kInt, "ports", kSocketsAndRange,
         "local ports towards the busiest destination that a new connection cannot take",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.blocked; });
         },
         kOnReuse},
    Fact{"ports.busiest.blocked_in_time_wait", Type::kInt, "ports", kSocketsAndRange,
         "of those, held by TIME_WAIT",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.blocked_in_time_wait(); });
         },
         kOnReuse},
    Fact{"ports.busiest.demand", Type::kDouble, "ports", kSocketsAndRange,
         "ports that the present rate would hold in the long run (rate x 60 s, Little's law)",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) -> Value {
             if (p.load && !p.rate_is_whole) return Unknown{{kTwoSamples}};
             return p.demand();
           });
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
           return from_busiest(s, [](const PortPressure& p) { return p.opened_per_second; });
         },
         kOnReuse},
    Fact{"ports.busiest.opened_in_words", Type::kString, "1/s", kSocketsAndOpens,
         "that rate as text, with \"at least\" where connections leave no TIME_WAIT row that lasts",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) {
             return rate_in_words(p.opened_per_second, p.rate_is_whole);
           });
         },
         kOnReuse},
    Fact{
        "ports.busiest.rate_is_whole", Type::kBool, "", kSocketsAndOpens,
        "whether nine of ten opened connections have left a row, so that the rate is right; if not "
        "there may be more of them, and nothing is foretold",
        [](const Snapshot& s) {
          return from_busiest(
              s, [](const PortPressure& p) { return or_unknown(p.rate_is_whole, kTwoSamples); });
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
         "the pool that would carry the connections established to it now",
         [](const Snapshot& s) { return from_busiest_load(s, int64_t{0}, pool_size_towards); },
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
    Fact{"ports.busiest.reuse_fails", Type::kBool, "",
         "sock_diag(7), /proc/net/netstat, tcp_tw_reuse, tcp_timestamps",
         "whether none is, although the range is full of ports that tcp_tw_reuse lets go",
         [](const Snapshot& s) {
           return from_busiest(s, [](const PortPressure& p) { return p.reuse_fails; });
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
         kOnReuse}};

}  // namespace

std::span<const Fact> port_facts() {
  return kPortFacts;
}

}  // namespace advisor
