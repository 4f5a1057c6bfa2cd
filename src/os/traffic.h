#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

// Sockets by which a load is made. None waits longer than a few seconds for the other end.

namespace advisor {

/// Where connections come from or go to: an address, and the network namespace that has it.
struct TrafficEnd {
  std::string address;                          ///< of either family
  const UniqueFd* network_namespace = nullptr;  ///< null: that of this process
  const UniqueFd* way_back = nullptr;           ///< the one of this process, if it is not that
};

/// What became of a connect() or a bind(): a socket, or the error number.
struct Attempt {
  UniqueFd socket;
  int os_error = 0;
};

/// Of an end of a connection.
struct ConnectionState {
  bool established = false;
  uint8_t options = 0;  ///< TCPI_OPT_*: what both ends agreed on
  uint16_t local_port = 0;
};

/// Whether connect_between() waits for the answer.
enum class Patience { kWaits, kGoesOn };

Result<Attempt> open_listener(const TrafficEnd& end, uint16_t port, int backlog);
/// Only another call of listen() takes a new limit of its queue.
Status listen_again(const UniqueFd& listener, int backlog);
/// An Error only if the load itself cannot be made, such as for want of descriptors.
Result<Attempt> connect_between(const TrafficEnd& from, const TrafficEnd& to, uint16_t port,
                                Patience patience);
/// The next connection that comes in.
Result<UniqueFd> accept_one(const UniqueFd& listener);
/// Those that wait by now.
std::vector<UniqueFd> accept_waiting(const UniqueFd& listener);
ConnectionState state_of(const UniqueFd& connection);
/// One byte there, and one back.
Status exchange(const UniqueFd& client, const UniqueFd& server);
/// The client closes, and once it knows of that, the server.
Status close_in_turn(UniqueFd client, UniqueFd server);
/// Ends a connection at both ends, without a trace.
void reset(UniqueFd connection);
void reset_all(std::vector<UniqueFd>& connections);

/// A socket that can send packets of any source address.
Result<UniqueFd> open_raw(const TrafficEnd& end);
/// A request to connect (SYN) that comes from `source`, an IPv4 address of nobody.
Status send_forged_request(const UniqueFd& raw, const std::string& source, uint16_t source_port,
                           const std::string& to, uint16_t port);

}  // namespace advisor
