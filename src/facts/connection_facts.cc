#include <array>

#include "facts/fact_values.h"
#include "facts/facts.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

template <typename Compute, typename None>
Value from_longest_queue(const Snapshot& snapshot, None none, Compute compute) {
  return from_sockets(snapshot, [&](const SocketLoad& load) {
    return load.listeners.empty() ? none : None(compute(load.listeners.front()));
  });
}

Value fullest_backlog(const ListenerLoad& listener) {
  if (listener.backlog) return *listener.backlog;
  return Unknown{{"the backlog of listeners is not in /proc/net/tcp; sock_diag has it"}};
}

int64_t in_state(const SocketLoad& load, TcpState state) {
  return load.client[state] + load.server[state];
}

template <typename Compute>
Value from_paths(const Snapshot& snapshot, Compute compute) {
  return from_sockets(snapshot, [&](const SocketLoad& load) -> Value {
    const bool told = load.paths.measured > 0 || load.read_from == "sock_diag";
    if (told) return Value(compute(load.paths));
    return Unknown{{"struct tcp_info is not in " + load.read_from + "; sock_diag has it"}};
  });
}

Value round_trip(const Snapshot& snapshot, double share) {
  return from_paths(snapshot, [share](const PathLoad& paths) {
    return or_unknown(paths.round_trips.quantile(share),
                      "no established connection over the network has told a round-trip time");
  });
}

constexpr std::array kConnectionFacts{
    Fact{"connections.client_established", Type::kInt, "sockets", kSockets,
         "established connections that this host opened",
         [](const Snapshot& s) {
           return from_sockets(
               s, [](const SocketLoad& l) { return l.client[TcpState::kEstablished]; });
         }},
    Fact{"connections.server_established", Type::kInt, "sockets", kSockets,
         "established connections that came in through a listening port",
         [](const Snapshot& s) {
           return from_sockets(
               s, [](const SocketLoad& l) { return l.server[TcpState::kEstablished]; });
         }},
    Fact{"listeners.fullest.address", Type::kString, "", kSockets,
         "the listener whose accept queue is longest for its backlog",
         [](const Snapshot& s) {
           return from_longest_queue(s, std::string("none"), [](const ListenerLoad& l) {
             return endpoint_text(l.address, l.port);
           });
         }},
    Fact{"listeners.fullest.backlog", Type::kInt, "connections", kSockets,
         "the backlog of that listener",
         [](const Snapshot& s) {
           return from_longest_queue(s, Value(int64_t{0}), fullest_backlog);
         }},
    Fact{"listeners.fullest.is_full", Type::kBool, "", kSockets,
         "whether that listener turns new connections away",
         [](const Snapshot& s) {
           return from_longest_queue(s, Value(false), [](const ListenerLoad& l) {
             return l.backlog || l.waiting == 0 ? Value(l.excess() > 0) : fullest_backlog(l);
           });
         }},
    Fact{"listeners.fullest.owners", Type::kString, "", kOwners,
         "the processes that hold that listener, looked for if its queue is half full",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) {
             return l.listeners.empty() ? "none" : owners_in_words(l, l.listeners.front().owners);
           });
         }},
    Fact{"listeners.fullest.waiting", Type::kInt, "connections", kSockets,
         "connections that wait for that listener to accept() them",
         [](const Snapshot& s) {
           return from_longest_queue(s, int64_t{0},
                                     [](const ListenerLoad& l) { return l.waiting; });
         }},
    Fact{"connections.closing", Type::kInt, "sockets", kSockets,
         "connections in FIN_WAIT_2: closed here, and not yet by the peer",
         [](const Snapshot& s) {
           return from_sockets(
               s, [](const SocketLoad& l) { return in_state(l, TcpState::kFinWait2); });
         }},
    Fact{"connections.close_wait", Type::kInt, "sockets", kSockets,
         "connections in CLOSE_WAIT: closed by the peer, and not yet by the application here",
         [](const Snapshot& s) {
           return from_sockets(
               s, [](const SocketLoad& l) { return in_state(l, TcpState::kCloseWait); });
         }},
    Fact{
        "connections.quiet", Type::kInt, "sockets", kTcpInfo,
        "established connections silent for two hours whose keepalive is off",
        [](const Snapshot& s) { return from_paths(s, [](const PathLoad& p) { return p.quiet; }); }},
    Fact{"connections.pooled_idle", Type::kInt, "sockets", kTcpInfo,
         "established connections that have carried 100 kB or more and have paused for 0.2 s",
         [](const Snapshot& s) {
           return from_paths(s, [](const PathLoad& p) { return p.pooled_idle; });
         }},
    Fact{"connections.stalled", Type::kInt, "sockets", kTcpInfo,
         "established connections with large segments and three timeouts in a row",
         [](const Snapshot& s) {
           return from_paths(s, [](const PathLoad& p) { return p.stalled; });
         }},
    Fact{"connections.buffer_limited", Type::kInt, "sockets", kTcpInfo,
         "busy connections that wait for their send buffer half of the time",
         [](const Snapshot& s) {
           return from_paths(s, [](const PathLoad& p) { return p.buffer_limited; });
         }},
    Fact{"paths.measured", Type::kInt, "sockets", kTcpInfo,
         "established connections over the network that told their round-trip time",
         [](const Snapshot& s) {
           return from_paths(s, [](const PathLoad& p) { return p.measured; });
         }},
    Fact{"paths.round_trip_median", Type::kDouble, "seconds", kTcpInfo,
         "the round-trip time that half of these connections do not exceed",
         [](const Snapshot& s) { return round_trip(s, 0.5); }},
    Fact{"paths.round_trip_long", Type::kDouble, "seconds", kTcpInfo,
         "the round-trip time that 95 of 100 of these connections do not exceed",
         [](const Snapshot& s) { return round_trip(s, 0.95); }}};

}  // namespace

std::span<const Fact> connection_facts() {
  return kConnectionFacts;
}

}  // namespace advisor
