#include "os/traffic.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "model/socket_load.h"
#include "os/network_links.h"

namespace advisor {
namespace {

constexpr std::chrono::milliseconds kLongestWait{5000};

/// The address of a socket, of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  SocketAddress(const std::string& address, uint16_t port) {
    if (address.find(':') == std::string::npos) {
      auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      inet_pton(AF_INET, address.c_str(), &v4.sin_addr);
      size = sizeof v4;
    } else {
      auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr);
      size = sizeof v6;
    }
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// A socket stays in the namespace in which it was made.
Result<UniqueFd> socket_at(const TrafficEnd& end, int family, int type, int protocol) {
  if (end.network_namespace) {
    if (const Status there = move_into(*end.network_namespace); !there) return there.error();
  }
  UniqueFd made(socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  const int failure = errno;
  if (end.network_namespace) {
    if (const Status back = move_into(*end.way_back); !back) return back.error();
  }
  if (!made) return os_failure("open a socket", failure);
  return made;
}

Result<UniqueFd> stream_at(const TrafficEnd& end) {
  const bool v4 = end.address.find(':') == std::string::npos;
  return socket_at(end, v4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
}

/// Whether it came within what we wait for.
bool comes(const UniqueFd& socket, short event) {
  pollfd waiting{socket.get(), event, 0};
  return poll(&waiting, 1, int(kLongestWait.count())) == 1;
}

int option_of(const UniqueFd& socket, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  getsockopt(socket.get(), level, name, &value, &size);
  return value;
}

Status set_option(const UniqueFd& socket, int level, int name, int value) {
  if (setsockopt(socket.get(), level, name, &value, sizeof value) == 0) return {};
  return os_failure("set an option of a socket", errno);
}

uint16_t checksum_of(const std::vector<unsigned char>& bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) sum += uint32_t(bytes[i] << 8 | bytes[i + 1]);
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return uint16_t(~sum);
}

void put16(std::vector<unsigned char>& bytes, size_t at, unsigned value) {
  bytes[at] = uint8_t(value >> 8);
  bytes[at + 1] = uint8_t(value);
}

constexpr size_t kAddressesAt = 12;

/// Of IPv4. The kernel fills in the length and the checksum of what is sent.
std::vector<unsigned char> ip_header(const std::string& from, const std::string& to,
                                     unsigned char protocol) {
  constexpr size_t kHeader = 20;
  constexpr unsigned char kLifetime = 64;
  std::vector<unsigned char> header(kHeader);
  header[0] = 4 << 4 | kHeader / 4;
  header[8] = kLifetime;
  header[9] = protocol;
  inet_pton(AF_INET, from.c_str(), header.data() + kAddressesAt);
  inet_pton(AF_INET, to.c_str(), header.data() + kAddressesAt + sizeof(in_addr));
  return header;
}

Status send_packet(const UniqueFd& raw, const std::vector<unsigned char>& packet,
                   const std::string& to, const char* attempt) {
  const SocketAddress address(to, 0);
  const ssize_t sent =
      sendto(raw.get(), packet.data(), packet.size(), 0, address.get(), address.size);
  return sent < 0 ? os_failure(attempt, errno) : Status();
}

}  // namespace

Result<Attempt> open_listener(const TrafficEnd& end, uint16_t port, int backlog) {
  auto listener = stream_at(end);
  if (!listener) return listener.error();
  const int on = 1;
  setsockopt(listener->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress address(end.address, port);
  if (bind(listener->get(), address.get(), address.size) != 0) return Attempt{UniqueFd(), errno};
  if (listen(listener->get(), backlog) != 0) return Attempt{UniqueFd(), errno};
  return Attempt{*std::move(listener), 0};
}

Status listen_again(const UniqueFd& listener, int backlog) {
  if (listen(listener.get(), backlog) == 0) return {};
  return os_failure("listen again", errno);
}

Result<Attempt> connect_between(const TrafficEnd& from, const TrafficEnd& to, uint16_t port,
                                Patience patience) {
  auto client = stream_at(from);
  if (!client) return client.error();
  const SocketAddress address(to.address, port);
  if (connect(client->get(), address.get(), address.size) != 0) {
    if (errno != EINPROGRESS) return Attempt{UniqueFd(), errno};
    if (patience == Patience::kWaits) {
      const int failure =
          comes(*client, POLLOUT) ? option_of(*client, SOL_SOCKET, SO_ERROR) : ETIMEDOUT;
      if (failure != 0) return Attempt{UniqueFd(), failure};
    }
  }
  return Attempt{*std::move(client), 0};
}

Result<UniqueFd> accept_one(const UniqueFd& listener) {
  if (!comes(listener, POLLIN)) return os_failure("accept a connection", ETIMEDOUT);
  UniqueFd connection(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!connection) return os_failure("accept a connection", errno);
  return connection;
}

std::vector<UniqueFd> accept_waiting(const UniqueFd& listener) {
  std::vector<UniqueFd> connections;
  for (;;) {
    UniqueFd one(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!one) return connections;
    connections.push_back(std::move(one));
  }
}

ConnectionState state_of(const UniqueFd& connection) {
  tcp_info info{};
  socklen_t size = sizeof info;
  ConnectionState state;
  if (getsockopt(connection.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
    state.established = info.tcpi_state == uint8_t(TcpState::kEstablished);
    state.closed = info.tcpi_state == uint8_t(TcpState::kClose);
    state.options = info.tcpi_options;
    state.timeouts = info.tcpi_retransmits;
    state.probes = info.tcpi_probes;
    state.window = info.tcpi_snd_cwnd;
    state.segment_bytes = info.tcpi_snd_mss;
    state.idle = std::chrono::milliseconds(info.tcpi_last_data_sent);
    state.timeout = std::chrono::milliseconds(info.tcpi_rto / 1000);
  }
  sockaddr_storage local{};
  socklen_t local_size = sizeof local;
  if (getsockname(connection.get(), reinterpret_cast<sockaddr*>(&local), &local_size) == 0) {
    // The port stands at the same place in both families.
    state.local_port = ntohs(reinterpret_cast<const sockaddr_in&>(local).sin_port);
  }
  return state;
}

Status exchange(const UniqueFd& client, const UniqueFd& server) {
  const std::array<std::pair<const UniqueFd*, const UniqueFd*>, 2> ways{
      {{&client, &server}, {&server, &client}}};
  for (const auto& [from, to] : ways) {
    char byte = '.';
    if (send(from->get(), &byte, 1, MSG_NOSIGNAL) != 1) return os_failure("send", errno);
    if (!comes(*to, POLLIN)) return os_failure("receive", ETIMEDOUT);
    if (recv(to->get(), &byte, 1, 0) != 1) return os_failure("receive", errno);
  }
  return {};
}

size_t send_some(const UniqueFd& connection, size_t most) {
  static constexpr std::array<char, 1 << 16> kNothing{};
  size_t sent = 0;
  while (sent < most) {
    const size_t size = std::min(most - sent, kNothing.size());
    const ssize_t taken = send(connection.get(), kNothing.data(), size, MSG_NOSIGNAL);
    if (taken <= 0) break;
    sent += size_t(taken);
  }
  return sent;
}

size_t receive_all(const UniqueFd& connection) {
  std::array<char, 1 << 16> bytes{};
  size_t received = 0;
  for (;;) {
    const ssize_t size = recv(connection.get(), bytes.data(), bytes.size(), 0);
    if (size <= 0) return received;
    received += size_t(size);
  }
}

int64_t receive_buffer_of(const UniqueFd& connection) {
  return option_of(connection, SOL_SOCKET, SO_RCVBUF);
}

bool lets_fragment(const UniqueFd& connection) {
  return option_of(connection, IPPROTO_IP, IP_MTU_DISCOVER) == IP_PMTUDISC_DONT;
}

Status keep_alive(const UniqueFd& connection) {
  return set_option(connection, SOL_SOCKET, SO_KEEPALIVE, 1);
}

Status wait_for_data(const UniqueFd& listener) {
  constexpr int kSeconds = 10;
  return set_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, kSeconds);
}

Status close_in_turn(UniqueFd first, UniqueFd second) {
  first = UniqueFd();
  if (!comes(second, POLLIN)) return os_failure("see a connection end", ETIMEDOUT);
  return {};
}

Status keep(Result<UniqueFd> opened, UniqueFd& socket) {
  if (!opened) return opened.error();
  socket = *std::move(opened);
  return {};
}

Result<UniqueFd> open_datagrams(const TrafficEnd& end, uint16_t port) {
  auto made = socket_at(end, AF_INET, SOCK_DGRAM, 0);
  if (!made) return made.error();
  const SocketAddress address(end.address, port);
  if (bind(made->get(), address.get(), address.size) == 0) return made;
  return os_failure("open a socket for datagrams", errno);
}

Status route_by_source(const UniqueFd& datagrams, const std::string& hop) {
  constexpr unsigned char kLooseRoute = 131;
  constexpr unsigned char kFirstAddress = 4;
  std::array<unsigned char, 8> route{kLooseRoute, 7, kFirstAddress};
  inet_pton(AF_INET, hop.c_str(), route.data() + 3);
  if (setsockopt(datagrams.get(), IPPROTO_IP, IP_OPTIONS, route.data(), route.size()) == 0) {
    return {};
  }
  return os_failure("route packets by their source", errno);
}

Status send_datagram(const UniqueFd& datagrams, const std::string& to, uint16_t port, char what) {
  const SocketAddress address(to, port);
  if (sendto(datagrams.get(), &what, 1, 0, address.get(), address.size) == 1) return {};
  return os_failure("send a datagram", errno);
}

std::string receive_datagrams(const UniqueFd& datagrams) {
  std::string received;
  for (char what = 0; recv(datagrams.get(), &what, 1, 0) == 1;) received += what;
  return received;
}

void reset_when_closed(const UniqueFd& connection) {
  const linger at_once{1, 0};
  setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void reset(UniqueFd connection) {
  reset_when_closed(connection);
}

void reset_all(std::vector<UniqueFd>& connections) {
  for (UniqueFd& each : connections) reset(std::move(each));
  connections.clear();
}

Result<UniqueFd> open_raw(const TrafficEnd& end) {
  return socket_at(end, AF_INET, SOCK_RAW, IPPROTO_RAW);
}

Status send_forged_request(const UniqueFd& raw, const std::string& source, uint16_t source_port,
                           const std::string& to, uint16_t port) {
  constexpr size_t kHeader = 20;
  constexpr unsigned kSyn = 2;
  std::vector<unsigned char> segment(kHeader);
  put16(segment, 0, source_port);
  put16(segment, 2, port);
  segment[12] = kHeader / 4 << 4;
  segment[13] = kSyn;
  put16(segment, 14, 64240);
  std::vector<unsigned char> packet = ip_header(source, to, IPPROTO_TCP);
  // The checksum of a segment also covers the addresses, the protocol and the length.
  std::vector<unsigned char> covered(packet.begin() + kAddressesAt, packet.end());
  covered.insert(covered.end(), {0, IPPROTO_TCP, 0, kHeader});
  covered.insert(covered.end(), segment.begin(), segment.end());
  put16(segment, 16, checksum_of(covered));
  packet.insert(packet.end(), segment.begin(), segment.end());
  return send_packet(raw, packet, to, "send a forged request");
}

Status send_forged_redirect(const UniqueFd& raw, const std::string& from, const std::string& to,
                            const std::string& destination, const std::string& router) {
  constexpr size_t kHeader = 8;
  constexpr unsigned char kRedirect = 5;
  constexpr unsigned char kForHost = 1;
  std::vector<unsigned char> message(kHeader);
  message[0] = kRedirect;
  message[1] = kForHost;
  inet_pton(AF_INET, router.c_str(), message.data() + 4);
  // The packet that it answers: an answer to a ping, which belongs to no socket that would be
  // asked.
  const std::vector<unsigned char> answered = ip_header(to, destination, IPPROTO_ICMP);
  message.insert(message.end(), answered.begin(), answered.end());
  message.resize(message.size() + kHeader);
  put16(message, 2, checksum_of(message));
  std::vector<unsigned char> packet = ip_header(from, to, IPPROTO_ICMP);
  packet.insert(packet.end(), message.begin(), message.end());
  return send_packet(raw, packet, to, "send a redirect");
}

}  // namespace advisor
