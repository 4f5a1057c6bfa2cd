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
  bool closed = false;
  uint8_t options = 0;  ///< TCPI_OPT_*: what both ends agreed on
  int timeouts = 0;     ///< in a row
  int probes = 0;       ///< of keepalive, without an answer
  int64_t window = 0;   ///< of congestion, in segments
  int64_t segment_bytes = 0;
  std::chrono::milliseconds idle{0};     ///< since it sent data
  std::chrono::milliseconds timeout{0};  ///< after which a segment is sent again
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
/// As much of `most` bytes as there is room for, and how much that was.
size_t send_some(const UniqueFd& connection, size_t most);
/// All that has come, and how much that was.
size_t receive_all(const UniqueFd& connection);
int64_t receive_buffer_of(const UniqueFd& connection);
/// Whether packets of the socket may be cut into fragments on their way.
bool lets_fragment(const UniqueFd& connection);
/// Has it probe whether its peer is there.
Status keep_alive(const UniqueFd& connection);
/// A listener is told of a connection only once data came over it.
Status wait_for_data(const UniqueFd& listener);
/// One end closes, and once the other knows of that, that one.
Status close_in_turn(UniqueFd first, UniqueFd second);
/// Whenever the connection is closed, by the kernel at the latest, it ends at both ends at once:
/// nothing of it stays for the kernel to look after.
void reset_when_closed(const UniqueFd& connection);
/// Ends a connection at both ends, without a trace.
void reset(UniqueFd connection);
void reset_all(std::vector<UniqueFd>& connections);

/// Keeps what was opened.
Status keep(Result<UniqueFd> opened, UniqueFd& socket);

/// A socket for datagrams at an address.
Result<UniqueFd> open_datagrams(const TrafficEnd& end, uint16_t port);
/// What it sends goes by way of `hop`, as the packets themselves say (loose source route).
Status route_by_source(const UniqueFd& datagrams, const std::string& hop);
Status send_datagram(const UniqueFd& datagrams, const std::string& to, uint16_t port, char what);
/// What has come, a character for each.
std::string receive_datagrams(const UniqueFd& datagrams);

/// A socket that can send packets of any source address.
Result<UniqueFd> open_raw(const TrafficEnd& end);
/// A request to connect (SYN) that comes from `source`, an IPv4 address of nobody.
Status send_forged_request(const UniqueFd& raw, const std::string& source, uint16_t source_port,
                           const std::string& to, uint16_t port);
/// A redirect (ICMP) of the router `from` to `to`: what is for `destination` should go to `router`
/// from now on. All are IPv4 addresses.
Status send_forged_redirect(const UniqueFd& raw, const std::string& from, const std::string& to,
                            const std::string& destination, const std::string& router);

}  // namespace advisor
