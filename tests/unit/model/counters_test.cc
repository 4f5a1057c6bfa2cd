#include "model/counters.h"

#include <doctest/doctest.h>

namespace advisor::counters_test {

TEST_CASE("counters: a rate is the growth by the time it took") {
  const Counters counters{{{"Tcp.ActiveOpens", 100}}, {{"Tcp.ActiveOpens", 150}}, 2.5};

  CHECK(counters.rate("Tcp.ActiveOpens") == 20.0);
  CHECK(counters.since_boot("Tcp.ActiveOpens") == 150);
}

TEST_CASE("counters: one sample gives no rate") {
  const Counters counters{{{"Tcp.ActiveOpens", 100}}, {{"Tcp.ActiveOpens", 100}}, 0};

  CHECK_FALSE(counters.rate("Tcp.ActiveOpens"));
  CHECK(counters.since_boot("Tcp.ActiveOpens") == 100);
}

TEST_CASE("counters: a counter that was reset in between gives no rate") {
  const Counters counters{{{"Tcp.ActiveOpens", 100}}, {{"Tcp.ActiveOpens", 5}}, 1};

  CHECK_FALSE(counters.rate("Tcp.ActiveOpens"));
}

TEST_CASE("counters: a counter that this kernel lacks gives nothing") {
  const Counters counters{{}, {{"TcpExt.New", 5}}, 1};

  CHECK_FALSE(counters.rate("Tcp.ActiveOpens"));
  CHECK_FALSE(counters.since_boot("Tcp.ActiveOpens"));
  CHECK_FALSE(counters.rate("TcpExt.New"));
}

}  // namespace advisor::counters_test
