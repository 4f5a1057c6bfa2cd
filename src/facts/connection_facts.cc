#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
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

constexpr std::string_view kMostBacklog = "net.core.somaxconn";
constexpr std::array kOnMostBacklog{kMostBacklog};
/// How much fuller one listener is than another where they do not share the load.
constexpr int64_t kTimesFuller = 10;

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

Value from_buffers(const Snapshot& snapshot, int64_t PathLoad::* count) {
  return from_paths(snapshot, [count](const PathLoad& paths) -> Value {
    if (paths.tells_buffers) return paths.*count;
    return Unknown{{"the snapshot is of a version that did not record it"}};
  });
}

Value round_trip(const Snapshot& snapshot, double share) {
  return from_paths(snapshot, [share](const PathLoad& paths) {
    return or_unknown(paths.round_trips.quantile(share),
                      "no established connection over the network has told a round-trip time");
  });
}

/// Ports of MS SQL, Oracle, MySQL, PostgreSQL, Redis, Cassandra, MongoDB and DB2, as registered
/// with IANA or by default.
int64_t established_to_databases(const SocketLoad& load) {
  constexpr uint16_t kPorts[] = {1433, 1521, 3306, 5432, 6379, 9042, 27017, 50000};
  int64_t established = 0;
  for (const ServerLoad& server : load.servers) {
    if (std::ranges::find(kPorts, server.port) == std::end(kPorts)) continue;
    established += server.states[TcpState::kEstablished];
  }
  return established;
}

std::string listener_text(const ListenerLoad& listener, const std::string& how) {
  const std::string owners = listener.owners.empty() ? "" : ", " + owners_text(listener.owners);
  return fmt::format("{} ({}{})", endpoint_text(listener.address, listener.port), how, owners);
}

/// The listeners with a full queue whose backlog is that of somaxconn, or is not. Unknown if some
/// has connections waiting and does not tell its backlog.
Value full_listeners(const Snapshot& snapshot, bool capped) {
  const auto somaxconn = parameter_number(snapshot, kMostBacklog);
  return from_sockets(snapshot, [&](const SocketLoad& load) -> Value {
    std::vector<std::string> full;
    for (const ListenerLoad& listener : load.listeners) {
      if (listener.waiting == 0) continue;
      if (!listener.backlog) return fullest_backlog(listener);
      if (!somaxconn) return Unknown{{"net.core.somaxconn could not be read"}};
      if (listener.excess() <= 0 || (*listener.backlog == *somaxconn) != capped) continue;
      full.push_back(listener_text(
          listener, fmt::format("{} wait, backlog {}", grouped_digits(listener.waiting),
                                grouped_digits(*listener.backlog))));
    }
    return join(full, ", ");
  });
}

/// The listeners of one address and port (SO_REUSEPORT), one of which is full or drops while
/// another has nearly nothing to do.
Value uneven_listeners(const SocketLoad& load) {
  std::map<std::string, std::vector<const ListenerLoad*>> groups;
  for (const ListenerLoad& listener : load.listeners) {
    groups[endpoint_text(listener.address, listener.port)].push_back(&listener);
  }
  std::vector<std::string> uneven;
  for (const auto& [endpoint, group] : groups) {
    const auto by_waiting = [](const ListenerLoad* listener) { return listener->waiting; };
    const ListenerLoad& fullest = **std::ranges::max_element(group, {}, by_waiting);
    const ListenerLoad& emptiest = **std::ranges::min_element(group, {}, by_waiting);
    if (group.size() < 2 || fullest.waiting == 0) continue;
    if (!fullest.backlog) return fullest_backlog(fullest);
    if (fullest.excess() <= 0) continue;
    if (kTimesFuller * emptiest.waiting > fullest.waiting) continue;
    uneven.push_back(
        fmt::format("{} ({} sockets: {} wait at one, whose backlog is {}, and {} at "
                    "another)",
                    endpoint, group.size(), grouped_digits(fullest.waiting),
                    grouped_digits(*fullest.backlog), grouped_digits(emptiest.waiting)));
  }
  return join(uneven, ", ");
}

/// The listeners that dropped something in the interval.
Value dropping_listeners(const Snapshot& snapshot) {
  return from_sockets(snapshot, [](const SocketLoad& load) -> Value {
    std::vector<const ListenerLoad*> dropping;
    for (const ListenerLoad& listener : load.listeners) {
      if (!listener.dropped) return std::string("not known");
      if (*listener.dropped > 0) dropping.push_back(&listener);
    }
    std::ranges::stable_sort(dropping, std::greater(),
                             [](const ListenerLoad* listener) { return *listener->dropped; });
    std::vector<std::string> texts;
    for (const ListenerLoad* listener : dropping) {
      const std::string backlog =
          listener->backlog ? ", backlog " + grouped_digits(*listener->backlog) : "";
      texts.push_back(
          listener_text(*listener, grouped_digits(*listener->dropped) + " dropped" + backlog));
    }
    if (texts.empty()) return std::string("none that still listens");
    constexpr size_t kNamed = 3;
    const size_t more = texts.size() - std::min(kNamed, texts.size());
    texts.resize(texts.size() - more);
    return join(texts, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
  });
}

constexpr std::array kConnectionFacts{
    Fact{
        "listeners.uneven", Type::kString, "", kSockets,
        "listeners on one address and port, one of which is full while another has a tenth of that",
        [](const Snapshot& s) { return from_sockets(s, uneven_listeners); }},
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
    Fact{"connections.loopback_established", Type::kInt, "sockets", kSockets,
         "established connections that this host opened between its loopback addresses",
         [](const Snapshot& s) {
           return from_sockets(
               s, [](const SocketLoad& l) { return l.loopback[TcpState::kEstablished]; });
         }},
    Fact{"connections.to_databases", Type::kInt, "sockets", kSockets,
         "of those that came in, the ones to a port that IANA has registered for a database",
         [](const Snapshot& s) { return from_sockets(s, established_to_databases); }},
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
    Fact{"listeners.capped", Type::kString, "", kOwners,
         "the listeners whose accept queue is full and whose backlog is net.core.somaxconn",
         [](const Snapshot& s) { return full_listeners(s, true); }, kOnMostBacklog},
    Fact{"listeners.short", Type::kString, "", kOwners,
         "the listeners whose accept queue is full and whose backlog is another",
         [](const Snapshot& s) { return full_listeners(s, false); }, kOnMostBacklog},
    Fact{"listeners.tell_backlogs", Type::kBool, "", kSockets,
         "whether the backlog of each listener is known; /proc/net/tcp does not tell",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) {
             return std::ranges::all_of(
                 l.listeners, [](const ListenerLoad& one) { return one.backlog.has_value(); });
           });
         }},
    Fact{"listeners.dropping", Type::kString, "", kOwners,
         "the listeners that dropped requests or connections in the interval (SK_MEMINFO_DROPS)",
         dropping_listeners},
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
    Fact{"connections.close_wait_held", Type::kInt, "sockets", kTcpInfo,
         "of those, held by a program for five seconds, or from one sample to the next",
         [](const Snapshot& s) {
           return from_sockets(s, [](const SocketLoad& l) {
             return or_unknown(l.close_wait_held,
                               "how long connections are in CLOSE_WAIT needs two samples where "
                               "sock_diag cannot be asked: use --interval 1s or longer");
           });
         }},
    Fact{
        "connections.quiet", Type::kInt, "sockets", kTcpInfo,
        "established connections silent for two hours whose keepalive is off",
        [](const Snapshot& s) { return from_paths(s, [](const PathLoad& p) { return p.quiet; }); }},
    Fact{"connections.unanswered", Type::kInt, "sockets", kTcpInfo,
         "established connections over the network whose peer left two keepalive probes or more "
         "without an answer",
         [](const Snapshot& s) { return from_buffers(s, &PathLoad::unanswered); }},
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
    Fact{"connections.unsent", Type::kInt, "sockets", kTcpInfo,
         "established connections with 256 KiB or more that their program wrote and that wait",
         [](const Snapshot& s) { return from_buffers(s, &PathLoad::unsent); }},
    Fact{"connections.buffer_limited", Type::kInt, "sockets", kTcpInfo,
         "busy connections that could send more, and wait for their send buffer",
         [](const Snapshot& s) {
           return from_paths(s, [](const PathLoad& p) { return p.buffer_limited; });
         }},
    Fact{"connections.most_buffered_bytes", Type::kInt, "bytes", kTcpInfo,
         "the most that one of those holds in its send buffer",
         [](const Snapshot& s) { return from_buffers(s, &PathLoad::most_buffered_bytes); }},
    Fact{"connections.window_limited", Type::kInt, "sockets", kTcpInfo,
         "busy connections that wait for the receive window of their peer half of the time",
         [](const Snapshot& s) { return from_buffers(s, &PathLoad::window_limited); }},
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
