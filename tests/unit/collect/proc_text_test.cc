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

TEST_CASE("proc text: softnet_stat is told for each CPU as well, by its number") {
  CounterValues counters;
  const std::string zeros =
      " 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 ";
  parse_softnet("00000010 00000001 00000002" + zeros + "00000000 00000000\n" +
                    "00000020 00000000 00000003" + zeros + "00000000 00000007\n",
                counters);

  CHECK(counters.at("softnet.processed") == 48);
  CHECK(counters.at("softnet.cpu0.dropped") == 1);
  CHECK(counters.at("softnet.cpu7.time_squeeze") == 3);
  // Before 5.10 the line tells it.
  CounterValues older;
  parse_softnet("00000010 0 0\n00000020 0 0\n", older);
  CHECK(older.at("softnet.cpu1.processed") == 32);
}

TEST_CASE("proc text: of vmstat and meminfo what facts ask for") {
  CounterValues counters;
  parse_vmstat("nr_free_pages 5\npswpin 7\nallocstall_dma 1\nallocstall_normal 2\nnr_dirty 9\n",
               counters);
  parse_memory_levels("MemTotal: 9 kB\nCommitLimit:  100 kB\nHugePages_Total:  3\n", counters);

  CHECK(counters.at("vmstat.pswpin") == 7);
  CHECK(counters.at("vmstat.allocstall") == 3);
  CHECK(counters.at("vmstat.nr_dirty") == 9);
  CHECK(counters.at("meminfo.CommitLimit") == 102400);
  CHECK(counters.at("meminfo.HugePages_Total") == 3);
  CHECK(counters.size() == 5);
}

TEST_CASE("proc text: pressure, tasks and routes of IPv6") {
  CounterValues counters;
  parse_pressure("memory",
                 "some avg10=0.00 avg60=0.00 avg300=0.00 total=123\n"
                 "full avg10=0.00 avg60=0.00 avg300=0.00 total=45\n",
                 counters);
  parse_loadavg("0.20 0.18 0.12 1/80 11206\n", counters);
  parse_rt6_stats("0f2a 0800 2f31 1100 0000 1002 0a11\n", counters);

  CHECK(counters.at("pressure.memory.some") == 123);
  CHECK(counters.at("pressure.memory.full") == 45);
  CHECK(counters.at("loadavg.tasks") == 80);
  CHECK(counters.at("rt6_stats.destinations") == 4098);
}

TEST_CASE("proc text: of the users of keys the one nearest to a quota") {
  CounterValues counters;
  parse_key_users(
      "    0:    93 92/92 80/1000000 1799/25000000\n"
      "  103:     2 2/2 2/200 18000/20000\n"
      " 1000:     4 4/4 100/200 90/20000\n",
      counters);

  CHECK(counters.at("keys.user") == 103);
  CHECK(counters.at("keys.bytes") == 18000);
  CHECK(counters.at("keys.bytes_max") == 20000);
  CHECK(counters.at("keys.count_max") == 200);
}

TEST_CASE("proc text: interfaces that lost packets on their way in") {
  const auto losses = parse_interface_losses(
      "Inter-|   Receive   |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes packets errs\n"
      "    lo: 1000 10 0 0 0 0 0 0 1000 10 0 0 0 0 0 0\n"
      "  eth0:80000 1000 0 43 2 0 0 0 4000 50 0 0 0 0 0 0\n");

  REQUIRE(losses.size() == 1);
  CHECK(losses[0].name == "eth0");
  CHECK(losses[0].dropped == 43);
  CHECK(losses[0].fifo == 2);
}

TEST_CASE("proc: objects of System V are counted, and semaphores in all sets") {
  CounterValues counters;

  parse_system_v("sem",
                 "       key      semid perms      nsems   uid   gid  cuid  cgid\n"
                 "1375928321          0   600         17     0     0     0     0\n"
                 "1375928322          1   600          3     0     0     0     0\n",
                 counters);
  parse_system_v("shm", "       key      shmid perms       size\n", counters);

  CHECK(counters["sysvipc.sem"] == 2);
  CHECK(counters["sysvipc.semaphores"] == 20);
  CHECK(counters["sysvipc.shm"] == 0);
}

TEST_CASE("proc: the default route that the kernel keeps on lo to refuse packets is none") {
  const std::string rest = " 00000000000000000000000000000000 00 ";
  const std::string zeros(32, '0');
  const auto route = [&](const std::string& gateway, const std::string& interface) {
    return zeros + " 00" + rest + gateway + " 00000400 00000001 00000000 00450003 " + interface +
           "\n";
  };

  CHECK_FALSE(has_default_route_v6(route(zeros, "lo")));
  CHECK(has_default_route_v6(route("fe800000000000000000000000000001", "eth0")));
}

}  // namespace advisor::proc_text_test
