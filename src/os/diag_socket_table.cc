#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "os/retries.h"
#include "os/socket_table.h"

namespace advisor {
namespace {

/// The kernel never sends more than 32 KiB at a time (net/netlink/af_netlink.c, netlink_dump).
constexpr size_t kReceiveBytes = 32768;

constexpr uint32_t kListening = 1U << unsigned(TcpState::kListen);
/// All states but LISTEN, with the one newer kernels have for sockets bound and not connected.
constexpr uint32_t kConnections =
    ((1U << (unsigned(TcpState::kBoundInactive) + 1)) - 2) & ~kListening;

constexpr double kMicroseconds = 1e-6;
constexpr double kMilliseconds = 1e-3;
/// idiag_timer of a connection that waits for its keepalive probe (net/ipv4/inet_diag.c).
constexpr int kKeepaliveTimer = 2;

/// Kernels append fields: what an older one does not send stays zero.
ConnectionInfo info_of(const nlattr* attribute) {
  tcp_info info{};
  const size_t size = std::min<size_t>(mnl_attr_get_payload_len(attribute), sizeof(info));
  std::memcpy(&info, mnl_attr_get_payload(attribute), size);
  ConnectionInfo told;
  told.round_trip_seconds = info.tcpi_rtt * kMicroseconds;
  told.timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
  // With data to send they ask for room in the peer's window instead.
  const bool keepalive = info.tcpi_unacked == 0 && info.tcpi_notsent_bytes == 0;
  told.probes_in_a_row = keepalive ? info.tcpi_probes : 0;
  told.timeouts_in_a_row = info.tcpi_retransmits;
  told.segment_bytes = info.tcpi_snd_mss;
  told.quiet_seconds = std::min(info.tcpi_last_data_recv, info.tcpi_last_ack_recv) * kMilliseconds;
  told.idle_seconds = info.tcpi_last_data_sent * kMilliseconds;
  told.acknowledged_bytes = info.tcpi_bytes_acked;
  told.unsent_bytes = info.tcpi_notsent_bytes;
  told.fills_congestion_window = info.tcpi_unacked >= info.tcpi_snd_cwnd;
  told.buffered_bytes = uint64_t{info.tcpi_unacked} * info.tcpi_snd_mss + info.tcpi_notsent_bytes;
  told.sent_segments = info.tcpi_data_segs_out;
  told.resent_segments = info.tcpi_total_retrans;
  if (info.tcpi_busy_time > 0) {
    told.buffer_limited_share = double(info.tcpi_sndbuf_limited) / double(info.tcpi_busy_time);
    told.window_limited_share = double(info.tcpi_rwnd_limited) / double(info.tcpi_busy_time);
  }
  return told;
}

/// Of struct sk_meminfo, as many numbers as this kernel has.
std::optional<uint32_t> drops_of(const nlattr* attribute) {
  std::array<uint32_t, SK_MEMINFO_VARS> numbers{};
  const size_t size = std::min<size_t>(mnl_attr_get_payload_len(attribute), sizeof(numbers));
  if (size <= SK_MEMINFO_DROPS * sizeof(uint32_t)) return std::nullopt;
  std::memcpy(numbers.data(), mnl_attr_get_payload(attribute), size);
  return numbers[SK_MEMINFO_DROPS];
}

int on_attribute(const nlattr* attribute, void* data) {
  auto& row = *static_cast<SocketRow*>(data);
  const auto type = mnl_attr_get_type(attribute);
  if (type == INET_DIAG_INFO) row.info = info_of(attribute);
  if (type == INET_DIAG_SKMEMINFO) row.drops = drops_of(attribute);
  return MNL_CB_OK;
}

/// Into a row that is used for one message after the other: to clear a new one each time would cost
/// more than all else.
void fill(const nlmsghdr* header, SocketRow& row) {
  const auto& message = *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(header));
  row.state = TcpState(message.idiag_state < kTcpStateCount ? message.idiag_state : 0);
  const auto* source = reinterpret_cast<const uint8_t*>(message.id.idiag_src);
  const auto* destination = reinterpret_cast<const uint8_t*>(message.id.idiag_dst);
  const bool v4 = message.idiag_family == AF_INET;
  row.source = v4 ? IpAddress::v4(source) : IpAddress::v6(source);
  row.destination = v4 ? IpAddress::v4(destination) : IpAddress::v6(destination);
  row.inode = message.idiag_inode;
  row.source_port = ntohs(message.id.idiag_sport);
  row.destination_port = ntohs(message.id.idiag_dport);
  row.waiting = 0;
  row.backlog.reset();
  row.expires_in_seconds.reset();
  row.info.reset();
  if (row.state == TcpState::kListen) {
    row.waiting = message.idiag_rqueue;
    row.backlog = message.idiag_wqueue;
    row.drops.reset();
    mnl_attr_parse(header, sizeof(inet_diag_msg), on_attribute, &row);
  }
  if (row.state == TcpState::kTimeWait) row.expires_in_seconds = message.idiag_expires / 1000.0;
  if (row.state == TcpState::kEstablished || row.state == TcpState::kCloseWait) {
    mnl_attr_parse(header, sizeof(inet_diag_msg), on_attribute, &row);
    if (row.info) row.info->keepalive = message.idiag_timer == kKeepaliveTimer;
  }
}

Error dump_failure(int os_error) {
  if (os_error == ENOENT) {
    return {ErrorKind::kNotFound,
            "cannot read the socket table over sock_diag: this kernel has no tcp_diag module "
            "loaded (modprobe tcp_diag)",
            os_error};
  }
  return os_failure("read the socket table over sock_diag", os_error);
}

/// What came of some messages of a dump.
struct Received {
  bool done = false;    ///< the last one was among them
  bool uneven = false;  ///< the table changed under the dump
};

/// The error that a message about the whole dump tells, as a positive number; 0 if there is none.
/// The last message has one too: where there is no tcp_diag, that is all that comes.
int error_in(const nlmsghdr* header) {
  int error = 0;  // begins the last message as well as nlmsgerr
  if (mnl_nlmsg_get_payload_len(header) < sizeof error) return EBADMSG;
  std::memcpy(&error, mnl_nlmsg_get_payload(header), sizeof error);
  return -error;
}

/// Hands on each row among the messages. mnl_cb_run(3) would end a dump where the table changed,
/// and skip the last message.
Result<Received> read_messages(const char* buffer, size_t size, SocketRow& row,
                               const SocketTable::Visitor& visitor) {
  Received received;
  int left = int(size);
  for (const auto* header = reinterpret_cast<const nlmsghdr*>(buffer); mnl_nlmsg_ok(header, left);
       header = mnl_nlmsg_next(header, &left)) {
    received.uneven |= (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    if (header->nlmsg_type == NLMSG_ERROR || header->nlmsg_type == NLMSG_DONE) {
      if (const int error = error_in(header)) return dump_failure(error);
      received.done = true;
      return received;
    }
    if (mnl_nlmsg_get_payload_len(header) < sizeof(inet_diag_msg)) return dump_failure(EBADMSG);
    fill(header, row);
    visitor(row);
  }
  return received;
}

/// The old request type answers for both address families in one pass; the newer one would walk
/// the kernel's table once for each.
Result<Visit> dump(mnl_socket* socket, uint32_t states, const SocketTable::Visitor& visitor) {
  alignas(nlmsghdr) std::array<char, kReceiveBytes> buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = TCPDIAG_GETSOCK;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = states;
  auto* request =
      static_cast<inet_diag_req*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req)));
  request->idiag_family = AF_UNSPEC;
  request->idiag_states = states;
  const unsigned extension = states == kListening ? INET_DIAG_SKMEMINFO : INET_DIAG_INFO;
  request->idiag_ext = uint8_t(1U << (extension - 1));
  if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0) return dump_failure(errno);

  SocketRow row;
  Visit visit;
  Retries retries;
  for (;;) {
    const ssize_t size = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
    if (size < 0) {
      const int failure = errno;
      // ENOBUFS: some rows were dropped, the rest follows.
      visit.uneven |= failure == ENOBUFS;
      const bool passes = failure == EINTR || failure == ENOBUFS;
      if (passes && retries.again()) continue;
      return dump_failure(failure);
    }
    retries.start_over();
    const auto received = read_messages(buffer.data(), size_t(size), row, visitor);
    if (!received) return received.error();
    visit.uneven |= received->uneven;
    if (received->done) return visit;
  }
}

using Socket = std::unique_ptr<mnl_socket, int (*)(mnl_socket*)>;

Result<Socket> open_socket() {
  Socket socket(mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC), mnl_socket_close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) {
    return dump_failure(errno);
  }
  return socket;
}

}  // namespace

Result<Visit> DiagSocketTable::visit_listeners(const Visitor& listener) {
  const auto socket = open_socket();
  if (!socket) return socket.error();
  return dump(socket->get(), kListening, listener);
}

Result<Visit> DiagSocketTable::visit(const Visitor& listener, const Visitor& connection) {
  const auto socket = open_socket();
  if (!socket) return socket.error();
  // Asking for listeners alone skips the walk over all connections (inet_diag_dump_icsk).
  const auto listed = dump(socket->get(), kListening, listener);
  if (!listed) return listed;
  auto visited = dump(socket->get(), kConnections, connection);
  if (visited) visited->uneven |= listed->uneven;
  return visited;
}

}  // namespace advisor
