#pragma once

#include <array>
#include <bitset>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "model/destination_table.h"
#include "model/port_set.h"
#include "model/socket_load.h"

namespace advisor {

/// What was seen of the sockets at the first sample of the counters.
struct FirstLook {
  /// Between then and now; nothing if there was one sample only.
  std::optional<double> interval_seconds;
  /// The connections in CLOSE_WAIT, by inode; nothing where the table tells ages by itself.
  std::optional<std::set<uint32_t>> close_wait;
  /// What each listener had dropped, by inode; nothing if nobody looked.
  std::optional<std::map<uint32_t, uint32_t>> listener_drops;
};

/// Sums up the socket table as it streams by, in memory that does not grow with the number of
/// sockets. Listeners first: they are what tells a server-side socket (its local address and port
/// are listened on) from a client-side one.
class SocketLoadBuilder {
 public:
  SocketLoadBuilder(PortSet::Range range, const PortSet& reserved,
                    double reuse_delay_seconds = kReuseDelaySeconds, const FirstLook& before = {});

  void add_listener(const SocketRow& row);
  void add_connection(const SocketRow& row);
  SocketLoad finish(std::string read_from);

 private:
  /// A bit for each local port: small enough to stay in the cache beside a million rows.
  using PortBits = std::bitset<65536>;

  bool is_server_side(const SocketRow& row) const;
  void add_server(const SocketRow& row);
  void add_client(const SocketRow& row);
  void add_time_wait(const SocketRow& row, bool usable, DestinationLoad& load);
  void add_close_wait(const SocketRow& row);

  PortBits usable_;
  PortBits listening_;            ///< on whatever address
  PortBits listening_on_any_;     ///< on ::, and so for IPv4 too
  PortBits listening_on_any_v4_;  ///< on 0.0.0.0
  std::set<std::pair<uint16_t, IpAddress>> listeners_;
  DestinationTable destinations_;
  std::unique_ptr<std::array<uint16_t, 65536>> server_at_;  ///< by port: 1 + place in load_.servers
  FirstLook before_;
  bool ages_missing_ = false;  ///< of a connection in CLOSE_WAIT it cannot be told how long it is
  SocketLoad load_;
};

}  // namespace advisor
