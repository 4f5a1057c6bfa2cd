#include "os/network_links.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace advisor {
namespace {

/// A request to the kernel's routing tables, its answer awaited.
class RouteRequest {
 public:
  RouteRequest(uint16_t type, uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_.data())) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = uint16_t(NLM_F_REQUEST | NLM_F_ACK | flags);
  }

  template <typename Body>
  Body& body() {
    return *static_cast<Body*>(mnl_nlmsg_put_extra_header(header_, sizeof(Body)));
  }
  nlmsghdr* header() { return header_; }

  /// `told` is called with what the kernel says before it acknowledges.
  Status send(const std::string& attempt, mnl_cb_t told = nullptr, void* data = nullptr) {
    const UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket) return os_failure(attempt, errno);
    if (::send(socket.get(), header_, header_->nlmsg_len, 0) < 0) {
      return os_failure(attempt, errno);
    }
    std::array<char, kBytes> answer{};
    const ssize_t size = recv(socket.get(), answer.data(), answer.size(), 0);
    if (size < 0) return os_failure(attempt, errno);
    // An answer without an error is an acknowledgement.
    if (mnl_cb_run(answer.data(), size_t(size), 0, 0, told, data) < 0) {
      return os_failure(attempt, errno);
    }
    return {};
  }

 private:
  static constexpr size_t kBytes = 8192;
  alignas(nlmsghdr) std::array<char, kBytes> buffer_{};
  nlmsghdr* header_;
};

struct InterfaceCall {
  UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ifreq request{};

  explicit InterfaceCall(const std::string& interface) {
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
  }
  bool make(unsigned long call) { return socket && ioctl(socket.get(), call, &request) == 0; }
};

/// The bytes of an address, and of which family it is.
struct AddressBytes {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  size_t size = 0;
  int family = AF_UNSPEC;
};

AddressBytes bytes_of(const std::string& address) {
  AddressBytes parsed;
  parsed.family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  parsed.size = parsed.family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  inet_pton(parsed.family, address.c_str(), parsed.bytes.data());
  return parsed;
}

/// Of IPv4.
void begin_route(RouteRequest& request, int prefix_length, uint8_t scope) {
  auto& body = request.body<rtmsg>();
  body.rtm_family = AF_INET;
  body.rtm_dst_len = uint8_t(prefix_length);
  body.rtm_table = RT_TABLE_MAIN;
  body.rtm_protocol = RTPROT_STATIC;
  body.rtm_scope = scope;
  body.rtm_type = RTN_UNICAST;
}

/// The attribute of a route that names its router is kept.
int keep_gateway(const nlattr* attribute, void* gateway) {
  if (mnl_attr_get_type(attribute) != RTA_GATEWAY) return MNL_CB_OK;
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, mnl_attr_get_payload(attribute), text.data(), text.size());
  *static_cast<std::string*>(gateway) = text.data();
  return MNL_CB_OK;
}

int read_route(const nlmsghdr* route, void* gateway) {
  return mnl_attr_parse(route, sizeof(rtmsg), keep_gateway, gateway);
}

}  // namespace

Result<UniqueFd> own_network_namespace() {
  UniqueFd own(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!own) return os_failure("open the network namespace", errno);
  return own;
}

Result<UniqueFd> make_network_namespace() {
  const auto own = own_network_namespace();
  if (!own) return own.error();
  if (unshare(CLONE_NEWNET) != 0) return os_failure("make a network namespace", errno);
  auto made = own_network_namespace();
  Status ready = made ? bring_up("lo") : Status(made.error());
  if (const Status back = move_into(*own); ready) ready = back;
  if (!ready) return ready.error();
  return made;
}

Status move_into(const UniqueFd& network_namespace) {
  if (setns(network_namespace.get(), CLONE_NEWNET) == 0) return {};
  return os_failure("enter a network namespace", errno);
}

Status bring_up(const std::string& interface) {
  InterfaceCall call(interface);
  if (!call.make(SIOCGIFFLAGS)) return os_failure("see interface " + interface, errno);
  call.request.ifr_flags = short(call.request.ifr_flags | IFF_UP);
  if (!call.make(SIOCSIFFLAGS)) return os_failure("set interface " + interface + " up", errno);
  return {};
}

Status make_link_pair(const std::string& interface, const UniqueFd& other,
                      const std::string& other_interface) {
  RouteRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.body<ifinfomsg>();
  nlmsghdr* header = request.header();
  mnl_attr_put_strz(header, IFLA_IFNAME, interface.c_str());
  nlattr* link = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
  nlattr* kind = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg));
  mnl_attr_put_strz(header, IFLA_IFNAME, other_interface.c_str());
  mnl_attr_put_u32(header, IFLA_NET_NS_FD, uint32_t(other.get()));
  mnl_attr_nest_end(header, peer);
  mnl_attr_nest_end(header, kind);
  mnl_attr_nest_end(header, link);
  return request.send("make a pair of interfaces (veth)");
}

Status add_address(const std::string& interface, const std::string& address, int prefix_length) {
  const AddressBytes parsed = bytes_of(address);
  RouteRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
  auto& body = request.body<ifaddrmsg>();
  body.ifa_family = uint8_t(parsed.family);
  body.ifa_prefixlen = uint8_t(prefix_length);
  // Nobody else can have it: it need not be tried out first.
  body.ifa_flags = parsed.family == AF_INET6 ? IFA_F_NODAD : 0;
  body.ifa_index = if_nametoindex(interface.c_str());
  mnl_attr_put(request.header(), IFA_LOCAL, parsed.size, parsed.bytes.data());
  mnl_attr_put(request.header(), IFA_ADDRESS, parsed.size, parsed.bytes.data());
  return request.send("give " + interface + " the address " + address);
}

Status add_route(const std::string& network, int prefix_length, const std::string& interface) {
  const AddressBytes parsed = bytes_of(network);
  RouteRequest request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  begin_route(request, prefix_length, RT_SCOPE_LINK);
  mnl_attr_put(request.header(), RTA_DST, parsed.size, parsed.bytes.data());
  mnl_attr_put_u32(request.header(), RTA_OIF, if_nametoindex(interface.c_str()));
  return request.send("make a route to " + network);
}

Status add_default_route(const std::string& gateway) {
  const AddressBytes parsed = bytes_of(gateway);
  RouteRequest request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  begin_route(request, 0, RT_SCOPE_UNIVERSE);
  mnl_attr_put(request.header(), RTA_GATEWAY, parsed.size, parsed.bytes.data());
  return request.send("make a route to " + gateway);
}

Result<std::string> gateway_towards(const std::string& address) {
  const AddressBytes parsed = bytes_of(address);
  RouteRequest request(RTM_GETROUTE, 0);
  auto& body = request.body<rtmsg>();
  body.rtm_family = AF_INET;
  body.rtm_dst_len = sizeof(in_addr) * 8;
  mnl_attr_put(request.header(), RTA_DST, parsed.size, parsed.bytes.data());
  std::string gateway;
  const Status asked = request.send("see the route to " + address, read_route, &gateway);
  if (!asked) return asked.error();
  return gateway;
}

Status switch_offload_off(const std::string& interface) {
  InterfaceCall call(interface);
  // Without checksums of its own it cannot cut large packets either.
  ethtool_value off{ETHTOOL_STXCSUM, 0};
  call.request.ifr_data = reinterpret_cast<char*>(&off);
  if (call.make(SIOCETHTOOL)) return {};
  return os_failure("switch offloading of " + interface + " off", errno);
}

Status settle_link(const std::string& interface) {
  InterfaceCall call(interface);
  ethtool_value state{ETHTOOL_GLINK, 0};
  call.request.ifr_data = reinterpret_cast<char*>(&state);
  // To ask carries out what the kernel would do up to a second later (linkwatch_sync_dev).
  if (call.make(SIOCETHTOOL) && state.data == 1) return {};
  return os_failure("see that " + interface + " is connected", errno ? errno : ENOLINK);
}

}  // namespace advisor
