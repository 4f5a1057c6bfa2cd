#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
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
  std::optional<uint32_t> drops;  ///< of a listener, since it was made, where the source tells
  uint32_t inode = 0;             ///< under which its process holds it; 0 where no process does
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

/// A process that holds a socket.
struct SocketOwner {
  int64_t pid = 0;
  std::string command;  ///< /proc/PID/comm
  bool operator==(const SocketOwner&) const = default;
};

/// "nginx (pid 4711), nginx (pid 4712)"; of many the first few.
std::string owners_text(const std::vector<SocketOwner>& owners);

/// The client-side sockets towards one destination.
struct DestinationLoad {
  Destination destination;
  StateCounts states;
  int64_t ports_in_use = 0;        ///< local ports of the usable range that are taken
  int64_t time_wait_ports = 0;     ///< of those, held by TIME_WAIT
  int64_t settled_ports = 0;       ///< of those, held by TIME_WAIT for longer than the reuse delay
  int64_t recently_closed = 0;     ///< TIME_WAIT rows younger than the rate window
  int64_t about_to_expire = 0;     ///< TIME_WAIT rows with less than that to live
  int64_t with_timestamps = 0;     ///< live connections whose peer uses TCP timestamps
  int64_t without_timestamps = 0;  ///< live connections whose peer does not
  TimeHistogram round_trips;       ///< of its established connections
  int64_t sent_segments = 0;       ///< by those, since each began; those sent again included
  int64_t resent_segments = 0;     ///< of those, sent again
  int64_t missed = 0;              ///< how many more sockets of it may be in the tail
  std::array<uint32_t, 3> inodes{};  ///< of some live sockets
  std::vector<SocketOwner> owners;   ///< of those, where somebody looked

  int64_t live() const;  ///< sockets that are not in TIME_WAIT
};

/// The window over which TIME_WAIT ages are turned into rates where there was no interval, seconds.
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
  /// Requests and connections that it dropped between the two samples, for whatever reason
  /// (SK_MEMINFO_DROPS); nothing where the source does not tell, or if there was one sample.
  std::optional<int64_t> dropped;
  uint32_t inode = 0;
  std::vector<SocketOwner> owners;  ///< where somebody looked
};

/// How long a program has to have held a connection that its peer closed before it counts as
/// forgotten, seconds: closing takes a program some milliseconds.
constexpr double kHeldSeconds = 5;

/// The destinations that were not kept apart, since there were too many.
struct DestinationTail {
  int64_t destinations = 0;  ///< at most, since one may have been put here several times
  int64_t sockets = 0;
  bool operator==(const DestinationTail&) const = default;
};

/// The whole TCP socket table of one network namespace, summed up.
struct SocketLoad {
  std::string read_from;  ///< "sock_diag" or "/proc/net/tcp"
  StateCounts client;
  StateCounts server;
  StateCounts loopback;  ///< of the client-side ones, those between loopback addresses
  /// The range less the reserved ports and those that are listened on, which connect() passes over.
  int64_t usable_ports = 0;
  /// Usable ports held by sockets that are bound and not connected: blocked for all destinations.
  int64_t bound_ports = 0;
  double reuse_delay_seconds = kReuseDelaySeconds;
  /// Over which TIME_WAIT rows were counted as recent: the interval between the samples, if any.
  double rate_window_seconds = kRateWindowSeconds;
  /// Connections in CLOSE_WAIT that a program has held for kHeldSeconds or from one sample to the
  /// next; nothing where neither can be told.
  std::optional<int64_t> close_wait_held;
  PathLoad paths;
  std::vector<DestinationLoad> destinations;  ///< most ports in use first
  DestinationTail tail;
  std::vector<ServerLoad> servers;      ///< most sockets first
  std::vector<ListenerLoad> listeners;  ///< fullest queue first
  /// The table changed so much while it was read that rows may be missing or counted twice.
  bool uneven = false;
  /// Why some processes behind sockets are missing; empty if all were found, or if nobody looked.
  std::string owners_missing;

  StateCounts all() const;
  PortSet listening_ports() const;
  /// By the TIME_WAIT rows that came and go within the window. Rows that do not last (ports taken
  /// over, a full bucket table), and connections that the peer closed first, are not among them.
  double closed_per_second(const DestinationLoad& load) const;
  double released_per_second(const DestinationLoad& load) const;
};

}  // namespace advisor
