#include "model/kernel_log.h"

#include <doctest/doctest.h>

namespace advisor {

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

TEST_CASE("kernel log: what is older than an hour, or no record, is no hint") {
  const std::string line = ",-;neighbour: arp_cache: neighbor table overflow!";

  CHECK(kernel_log_hints({"4,1,1000000" + line}, 3602).empty());
  CHECK(kernel_log_hints({"4,1,1000000" + line}, 3600).size() == 1);
  CHECK(kernel_log_hints({"", "neighbor table overflow", "4,x;neighbor table overflow", ";"}, 10)
            .empty());
}

}  // namespace advisor
