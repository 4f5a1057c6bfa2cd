#include "plan/not_reached.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::not_reached_test {

using testing::change;

TEST_CASE(
    "not reached: what listens or is open keeps what it has, and is said once for each kind") {
  const Catalogue catalogue = testing::shipped_catalogue();

  const auto sentences =
      not_reached_yet({change("net.core.somaxconn", "128", "4096"),
                       change("net.core.rmem_max", "212992", "4194304"),
                       change("net.ipv4.tcp_rmem", "4096 131072 6291456", "4096 131072 33554432"),
                       change("vm.swappiness", "60", "10")},
                      catalogue);

  REQUIRE(sentences.size() == 2);
  CHECK(sentences[0] ==
        "net.core.somaxconn: servers that listen already keep what they have until they call "
        "listen() again");
  CHECK(sentences[1].starts_with("net.core.rmem_max"));
}

TEST_CASE("not reached: of every shipped parameter that tells when it counts, in a word as well") {
  const Catalogue catalogue = testing::shipped_catalogue();

  for (const std::string& key : catalogue.keys()) {
    const ParameterInfo& info = *catalogue.find(testing::name(key));
    CAPTURE(key);
    CHECK(info.effect.empty() != info.takes_effect.has_value());
  }
}

}  // namespace advisor::not_reached_test
