// What the program calls of libmnl, for where there is no static library of it, as in Debian: its
// header declares these functions and its manual says what each promises.
#include <libmnl/libmnl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>

struct mnl_socket {
  int descriptor;
  sockaddr_nl address;
};

namespace {

constexpr size_t kHeader = MNL_ALIGN(sizeof(nlmsghdr));
constexpr size_t kAttributeHeader = MNL_ALIGN(sizeof(nlattr));

char* bytes(const void* object) {
  return static_cast<char*>(const_cast<void*>(object));
}

/// Where the next attribute of a message goes.
char* tail(nlmsghdr* message) {
  return bytes(message) + MNL_ALIGN(message->nlmsg_len);
}

int failed(int error) {
  errno = error;
  return -1;
}

int on_error(const nlmsghdr* message) {
  if (message->nlmsg_len < kHeader + sizeof(nlmsgerr)) return failed(EBADMSG);
  nlmsgerr answer;
  std::memcpy(&answer, bytes(message) + kHeader, sizeof answer);
  if (answer.error == 0) return MNL_CB_STOP;
  return failed(answer.error < 0 ? -answer.error : answer.error);
}

int on_message(const nlmsghdr* message, mnl_cb_t callback, void* data) {
  if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) return failed(EINTR);
  if (message->nlmsg_type == NLMSG_ERROR) return on_error(message);
  if (message->nlmsg_type == NLMSG_DONE) return MNL_CB_STOP;
  if (message->nlmsg_type < NLMSG_MIN_TYPE || !callback) return MNL_CB_OK;
  return callback(message, data);
}

}  // namespace

extern "C" {

mnl_socket* mnl_socket_open2(int bus, int flags) {
  const int descriptor = socket(AF_NETLINK, SOCK_RAW | flags, bus);
  if (descriptor < 0) return nullptr;
  auto* opened = new (std::nothrow) mnl_socket{descriptor, {}};
  if (!opened) close(descriptor);
  return opened;
}

int mnl_socket_bind(mnl_socket* socket, unsigned int groups, pid_t port) {
  socket->address.nl_family = AF_NETLINK;
  socket->address.nl_groups = groups;
  socket->address.nl_pid = uint32_t(port);
  auto* address = reinterpret_cast<sockaddr*>(&socket->address);
  socklen_t length = sizeof socket->address;
  if (bind(socket->descriptor, address, length) < 0) return -1;
  if (getsockname(socket->descriptor, address, &length) < 0) return -1;
  if (length != sizeof socket->address || socket->address.nl_family != AF_NETLINK)
    return failed(EINVAL);
  return 0;
}

int mnl_socket_close(mnl_socket* socket) {
  const int outcome = close(socket->descriptor);
  delete socket;
  return outcome;
}

ssize_t mnl_socket_sendto(const mnl_socket* socket, const void* buffer, size_t size) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  return sendto(socket->descriptor, buffer, size, 0, reinterpret_cast<const sockaddr*>(&kernel),
                sizeof kernel);
}

ssize_t mnl_socket_recvfrom(const mnl_socket* socket, void* buffer, size_t size) {
  sockaddr_nl sender{};
  iovec part{buffer, size};
  msghdr message{};
  message.msg_name = &sender;
  message.msg_namelen = sizeof sender;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  const ssize_t received = recvmsg(socket->descriptor, &message, 0);
  if (received < 0) return -1;
  if ((message.msg_flags & MSG_TRUNC) != 0) return failed(ENOSPC);
  if (message.msg_namelen != sizeof sender) return failed(EINVAL);
  return received;
}

nlmsghdr* mnl_nlmsg_put_header(void* buffer) {
  std::memset(buffer, 0, kHeader);
  auto* message = static_cast<nlmsghdr*>(buffer);
  message->nlmsg_len = kHeader;
  return message;
}

void* mnl_nlmsg_put_extra_header(nlmsghdr* message, size_t size) {
  char* header = tail(message);
  std::memset(header, 0, MNL_ALIGN(size));
  message->nlmsg_len += uint32_t(MNL_ALIGN(size));
  return header;
}

void* mnl_nlmsg_get_payload(const nlmsghdr* message) {
  return bytes(message) + kHeader;
}

size_t mnl_nlmsg_get_payload_len(const nlmsghdr* message) {
  return message->nlmsg_len - kHeader;
}

bool mnl_nlmsg_ok(const nlmsghdr* message, int left) {
  return left >= int(sizeof(nlmsghdr)) && message->nlmsg_len >= sizeof(nlmsghdr) &&
         message->nlmsg_len <= unsigned(left);
}

nlmsghdr* mnl_nlmsg_next(const nlmsghdr* message, int* left) {
  const size_t size = MNL_ALIGN(message->nlmsg_len);
  *left -= int(size);
  return reinterpret_cast<nlmsghdr*>(bytes(message) + size);
}

uint16_t mnl_attr_get_type(const nlattr* attribute) {
  return uint16_t(attribute->nla_type & NLA_TYPE_MASK);
}

uint16_t mnl_attr_get_payload_len(const nlattr* attribute) {
  return uint16_t(attribute->nla_len - kAttributeHeader);
}

void* mnl_attr_get_payload(const nlattr* attribute) {
  return bytes(attribute) + kAttributeHeader;
}

int mnl_attr_parse(const nlmsghdr* message, unsigned int offset, mnl_attr_cb_t callback,
                   void* data) {
  size_t at = kHeader + MNL_ALIGN(offset);
  int outcome = MNL_CB_OK;
  while (at + sizeof(nlattr) <= message->nlmsg_len) {
    const auto* attribute = reinterpret_cast<const nlattr*>(bytes(message) + at);
    if (attribute->nla_len < sizeof(nlattr) || at + attribute->nla_len > message->nlmsg_len) break;
    outcome = callback(attribute, data);
    if (outcome <= MNL_CB_STOP) break;
    at += MNL_ALIGN(attribute->nla_len);
  }
  return outcome;
}

void mnl_attr_put(nlmsghdr* message, uint16_t type, size_t size, const void* data) {
  auto* attribute =
      static_cast<nlattr*>(mnl_nlmsg_put_extra_header(message, kAttributeHeader + size));
  attribute->nla_type = type;
  attribute->nla_len = uint16_t(kAttributeHeader + size);
  std::memcpy(bytes(attribute) + kAttributeHeader, data, size);
}

void mnl_attr_put_u32(nlmsghdr* message, uint16_t type, uint32_t number) {
  mnl_attr_put(message, type, sizeof number, &number);
}

void mnl_attr_put_strz(nlmsghdr* message, uint16_t type, const char* text) {
  mnl_attr_put(message, type, std::strlen(text) + 1, text);
}

nlattr* mnl_attr_nest_start(nlmsghdr* message, uint16_t type) {
  auto* nest = static_cast<nlattr*>(mnl_nlmsg_put_extra_header(message, kAttributeHeader));
  nest->nla_type = uint16_t(type | NLA_F_NESTED);
  return nest;
}

void mnl_attr_nest_end(nlmsghdr* message, nlattr* nest) {
  nest->nla_len = uint16_t(tail(message) - bytes(nest));
}

int mnl_cb_run(const void* buffer, size_t size, unsigned int sequence, unsigned int port,
               mnl_cb_t callback, void* data) {
  const auto* message = static_cast<const nlmsghdr*>(buffer);
  int left = int(size);
  int outcome = MNL_CB_OK;
  while (outcome > MNL_CB_STOP && mnl_nlmsg_ok(message, left)) {
    if (port != 0 && message->nlmsg_pid != 0 && message->nlmsg_pid != port) return failed(ESRCH);
    if (sequence != 0 && message->nlmsg_seq != 0 && message->nlmsg_seq != sequence)
      return failed(EPROTO);
    outcome = on_message(message, callback, data);
    message = mnl_nlmsg_next(message, &left);
  }
  return outcome;
}

}  // extern "C"
