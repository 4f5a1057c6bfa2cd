#include "collect/proc_text.h"

#include <doctest/doctest.h>

namespace advisor::proc_text_test {

TEST_CASE("proc text: pairs of lines become counters") {
  CounterValues counters;
  parse_counter_table(
      "Ip: Forwarding DefaultTTL InReceives\n"
      "Ip: 2 64 30512\n"
      "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens\n"
      "Tcp: 1 200 120000 -1 5128 41\n",
      counters);

  CHECK(counters.at("Tcp.ActiveOpens") == 5128);
  CHECK(counters.at("Tcp.PassiveOpens") == 41);
  CHECK(counters.at("Tcp.MaxConn") == -1);
  CHECK(counters.at("Ip.InReceives") == 30512);
}

TEST_CASE("proc text: lines that do not belong together give nothing") {
  CounterValues counters;
  parse_counter_table("Tcp: A B\nTcp: 1\n", counters);
  parse_counter_table("Tcp: A\nUdp: 1\n", counters);
  parse_counter_table("Tcp: A\n", counters);
  parse_counter_table("", counters);
  parse_counter_table("Tcp: A\nTcp: x\n", counters);
  parse_counter_table("\n\n", counters);

  CHECK(counters.empty());
}

TEST_CASE("proc text: sockstat tells levels") {
  CounterValues counters;
  parse_sockstat(
      "sockets: used 281\n"
      "TCP: inuse 5 orphan 0 tw 28120 alloc 9 mem 1\n"
      "TCP6: inuse 3\n"
      "FRAG: inuse\n",
      counters);

  CHECK(counters.at("sockstat.TCP.tw") == 28120);
  CHECK(counters.at("sockstat.TCP6.inuse") == 3);
  CHECK(counters.at("sockstat.sockets.used") == 281);
  CHECK(counters.size() == 7);
}

TEST_CASE("proc text: the memory is MemTotal, in bytes") {
  CHECK(parse_meminfo("MemTotal:       24574872 kB\nMemFree: 1 kB\n", "MemTotal") ==
        24574872LL * 1024);
  CHECK_FALSE(parse_meminfo("MemFree: 1 kB\n", "MemTotal"));
  CHECK_FALSE(parse_meminfo("MemTotal: lots kB\n", "MemTotal"));
  CHECK_FALSE(parse_meminfo("", "MemTotal"));
}

}  // namespace advisor::proc_text_test
