#include "model/kernel_log.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace advisor::kernel_log_test {

TEST_CASE("kernel log: lines that matter are hints, the newest first, each trouble once") {
  const auto hints = kernel_log_hints(
      {"6,1,100000000,-;nf_conntrack: nf_conntrack: table full, dropping packet",
       "4,2,4000000000,-;nf_conntrack: nf_conntrack: table full, dropping packet",
       "6,3,4005000000,-;eth0: link is up\n SUBSYSTEM=net\n",
       "6,4,4100000000,-;TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.",
       "4,5,4200000000,c;nf_conntrack: nf_conntrack: table full, dropping packet\n DEVICE=+x"},
      4260);

  REQUIRE(hints.size() == 2);
  CHECK(hints[0] ==
        KernelLogHint{"nf_conntrack: nf_conntrack: table full, dropping packet", 2, 60});
  CHECK(hints[1].seconds_ago == 160);
}

TEST_CASE("kernel log: a line that names another network namespace is no hint") {
  const std::string line =
      "4,1,1000000,-;nf_conntrack: nf_conntrack: table full in netns 4026531840,"
      " dropping packet";

  CHECK(kernel_log_hints({line}, 10, 4026531840).size() == 1);
  CHECK(kernel_log_hints({line}, 10, 4026532300).empty());
  // Which one is ours need not be known.
  CHECK(kernel_log_hints({line}, 10).size() == 1);
}

TEST_CASE("kernel log: a line on a port is a hint where somebody listens there") {
  const auto flooded = [](const std::string& endpoint) {
    return "6,1,1000000,-;TCP: request_sock_TCP: Possible SYN flooding on port " + endpoint +
           ". Sending cookies.";
  };
  const auto listener = [](const char* address, uint16_t port) {
    ListenerLoad load;
    load.address = *IpAddress::parse(address);
    load.port = port;
    return load;
  };
  const std::vector<ListenerLoad> listeners{listener("0.0.0.0", 80), listener("10.0.0.5", 443),
                                            listener("::", 8080), listener("2001:db8::1", 81),
                                            listener("10.0.0.6", 82)};
  auto hints = kernel_log_hints(
      {flooded("0.0.0.0:80"), flooded("10.0.0.5:443"), flooded("10.0.0.9:443"),
       flooded("[::]:8080"), flooded("[2001:db8::1]:81"), flooded("[::ffff:10.0.0.6]:82"),
       flooded("[::]:80"), flooded("82"), flooded("8"), flooded("0.0.0.0:180"),
       "4,5,2000000,-;neighbour: arp_cache: neighbor table overflow!"},
      10);
  REQUIRE(hints.size() == 11);

  keep_hints_on(listeners, hints);

  std::vector<std::string> kept;
  for (const KernelLogHint& hint : hints) {
    const size_t at = hint.line.find("port ");
    kept.push_back(at == std::string::npos ? "other"
                                           : hint.line.substr(at, hint.line.size() - at - 18));
  }
  std::sort(kept.begin(), kept.end());
  CHECK(kept == std::vector<std::string>{"other", "port 0.0.0.0:80", "port 10.0.0.5:443", "port 82",
                                         "port [2001:db8::1]:81", "port [::]:8080",
                                         "port [::ffff:10.0.0.6]:82"});
}

TEST_CASE("kernel log: what is older than an hour, or no record, is no hint") {
  const std::string line = ",-;neighbour: arp_cache: neighbor table overflow!";

  CHECK(kernel_log_hints({"4,1,1000000" + line}, 3602).empty());
  CHECK(kernel_log_hints({"4,1,1000000" + line}, 3600).size() == 1);
  CHECK(kernel_log_hints({"", "neighbor table overflow", "4,x;neighbor table overflow", ";"}, 10)
            .empty());
}

}  // namespace advisor::kernel_log_test
