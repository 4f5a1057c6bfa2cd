#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/address.h"
#include "model/path_load.h"
#include "model/port_set.h"

namespace advisor {

/// The states of include/net/tcp_states.h, with its numbers.
enum class TcpState : uint8_t {
  kEstablished = 1,
  kSynSent,
  kSynReceived,
  kFinWait1,
  kFinWait2,
  kTimeWait,
  kClose,
  kCloseWait,
  kLastAck,
  kListen,
  kClosing,
  kNewSynReceived,
  kBoundInactive,  ///< bound to a port but not connected; kernels since 6.8 tell
};
constexpr size_t kTcpStateCount = 14;

/// As ss(8) prints it: "ESTAB", "TIME-WAIT" ...
const char* name_of(TcpState state);

/// One row of the kernel's TCP socket table.
struct SocketRow {
  TcpState state = TcpState::kClose;
  IpAddress source;
  IpAddress destination;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint32_t waiting = 0;             ///< of a listener: connections that wait for accept()
  std::optional<uint32_t> backlog;  ///< of a listener, where the source tells
  /// Of a TIME_WAIT row, how long it still has to live; the kernel makes all of them 60 s long
  /// (TCP_TIMEWAIT_LEN, include/net/tcp.h).
  std::optional<double> expires_in_seconds;
  /// Of a live connection, where the source tells.
  std::optional<ConnectionInfo> info;
};

/// How many sockets are in each state.
class StateCounts {
 public:
  int64_t& operator[](TcpState state) { return counts_[size_t(state)]; }
  int64_t operator[](TcpState state) const { return counts_[size_t(state)]; }
  int64_t total() const;
  void add(const StateCounts& other);
  bool operator==(const StateCounts&) const = default;

 private:
  std::array<int64_t, kTcpStateCount> counts_{};
};

/// What a connecting socket competes for: local ports are used up for each of these apart.
struct Destination {
  IpAddress source;
  IpAddress address;
  uint16_t port = 0;
  auto operator<=>(const Destination&) const = default;
};

/// The client-side sockets towards one destination.
struct DestinationLoad {
  Destination destination;
  StateCounts states;
  int64_t ports_in_use = 0;        ///< local ports of the usable range that are taken
  int64_t time_wait_ports = 0;     ///< of those, held by TIME_WAIT
  int64_t settled_ports = 0;       ///< of those, held by TIME_WAIT for longer than the reuse delay
  int64_t recently_closed = 0;     ///< TIME_WAIT rows younger than kRateWindowSeconds
  int64_t about_to_expire = 0;     ///< TIME_WAIT rows with less than that to live
  int64_t with_timestamps = 0;     ///< live connections whose peer uses TCP timestamps
  int64_t without_timestamps = 0;  ///< live connections whose peer does not

  int64_t live() const;  ///< sockets that are not in TIME_WAIT
  double opened_per_second() const;
  double released_per_second() const;
};

/// The window over which TIME_WAIT ages are turned into rates, seconds.
constexpr double kRateWindowSeconds = 5;
/// TCP_TIMEWAIT_LEN of include/net/tcp.h: compiled in, no parameter changes it.
constexpr double kTimeWaitSeconds = 60;

/// How old a TIME_WAIT must be before tcp_tw_reuse lets a connection take its port: the default of
/// net.ipv4.tcp_tw_reuse_delay (Linux 6.14), and a constant before.
constexpr double kReuseDelaySeconds = 1;

/// The sockets that came in through one listening port.
struct ServerLoad {
  uint16_t port = 0;
  StateCounts states;
};

/// One listening socket.
struct ListenerLoad {
  IpAddress address;
  uint16_t port = 0;
  int64_t waiting = 0;  ///< connections that wait for accept()
  /// What listen() was given, capped by net.core.somaxconn at that time; /proc/net/tcp does not
  /// tell.
  std::optional<int64_t> backlog;
  /// How far the queue is over its backlog, or how long it is where that is not known. The kernel
  /// lets in one more than the backlog says (sk_acceptq_is_full, include/net/sock.h), so above 0
  /// the queue is full.
  int64_t excess() const { return waiting - backlog.value_or(0); }
};

/// The whole TCP socket table of one network namespace, summed up.
struct SocketLoad {
  std::string read_from;  ///< "sock_diag" or "/proc/net/tcp"
  StateCounts client;
  StateCounts server;
  /// The range less the reserved ports and those that are listened on, which connect() passes over.
  int64_t usable_ports = 0;
  /// Usable ports held by sockets that are bound and not connected: blocked for all destinations.
  int64_t bound_ports = 0;
  double reuse_delay_seconds = kReuseDelaySeconds;
  PathLoad paths;
  std::vector<DestinationLoad> destinations;  ///< most ports in use first
  std::vector<ServerLoad> servers;            ///< most sockets first
  std::vector<ListenerLoad> listeners;        ///< fullest queue first

  StateCounts all() const;
  PortSet listening_ports() const;
};

/// Sums up the socket table as it streams by. Listeners first: they are what tells a server-side
/// socket (its local address and port are listened on) from a client-side one.
class SocketLoadBuilder {
 public:
  SocketLoadBuilder(PortSet::Range range, const PortSet& reserved,
                    double reuse_delay_seconds = kReuseDelaySeconds);

  void add_listener(const SocketRow& row);
  void add_connection(const SocketRow& row);
  SocketLoad finish(std::string read_from);

 private:
  bool is_server_side(const SocketRow& row) const;
  void add_client(const SocketRow& row);
  void add_path(const SocketRow& row);

  std::array<bool, 65536> usable_{};
  std::array<bool, 65536> listening_{};  ///< on whatever address
  std::set<std::pair<uint16_t, IpAddress>> listeners_;
  std::map<Destination, DestinationLoad> destinations_;
  std::map<uint16_t, ServerLoad> servers_;
  SocketLoad load_;
};

}  // namespace advisor
