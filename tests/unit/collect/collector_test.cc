#include "collect/collector.h"

#include <doctest/doctest.h>

#include <map>

#include "support/builders.h"
#include "support/fake_kernel.h"
#include "support/manual_clock.h"
#include "support/memory_files.h"

namespace advisor::collector_test {
namespace {

using testing::listener_row;
using testing::name;
using testing::socket_row;

/// A socket table of rows; fails after them if told to.
class RowTable : public SocketTable {
 public:
  RowTable(std::string source, std::vector<SocketRow> rows, Result<Visit> end = Visit{})
      : source_(std::move(source)), rows_(std::move(rows)), end_(std::move(end)) {}

  Result<Visit> visit(const Visitor& listener, const Visitor& connection) override {
    ++visits;
    for (const SocketRow& row : rows_) {
      (row.state == TcpState::kListen ? listener : connection)(row);
    }
    return end_;
  }
  Result<Visit> visit_listeners(const Visitor& listener) override {
    for (const SocketRow& row : rows_) {
      if (row.state == TcpState::kListen) listener(row);
    }
    return end_;
  }
  bool tells_ages() const override { return source_ == "sock_diag"; }
  std::string source() const override { return source_; }

  int visits = 0;

 private:
  std::string source_;
  std::vector<SocketRow> rows_;
  Result<Visit> end_;
};

std::string snmp(int active_opens) {
  return "Tcp: ActiveOpens\nTcp: " + std::to_string(active_opens) + "\n";
}

/// A small host with everything a collector looks at.
struct SmallHost {
  SmallHost() {
    kernel.set("net.ipv4.ip_local_port_range", "32768 60999");
    kernel.show_with_tabs("net.ipv4.ip_local_port_range");
    kernel.set("net.ipv4.ip_local_reserved_ports", "32768-32867");
    kernel.set("net.core.somaxconn", "4096");
    files.put("/proc/net/snmp", snmp(100));
    files.put("/proc/net/sockstat", "TCP: tw 3\n");
    files.put("/proc/sys/kernel/hostname", "web1\n");
    files.put("/proc/sys/kernel/osrelease", "6.1.0\n");
    files.put("/proc/meminfo", "MemTotal: 1024 kB\n");
  }

  Snapshot collect(std::vector<SocketTable*> tables, int interval_ms = 0) {
    return advisor::collect({kernel, files, std::move(tables), clock},
                            {{name("net.core.somaxconn"), name("net.ipv4.absent")},
                             std::chrono::milliseconds(interval_ms)});
  }

  testing::Steps steps;
  testing::FakeKernel kernel{steps};
  testing::MemoryFiles files{steps};
  testing::ManualClock clock;
};

}  // namespace

TEST_CASE("collect: everything asked for is in the snapshot, and what is missing says why") {
  SmallHost host;
  RowTable table("sock_diag", {listener_row(22), socket_row(TcpState::kEstablished, 40000)});

  const Snapshot snapshot = host.collect({&table});

  CHECK(snapshot.host.name == "web1");
  CHECK(snapshot.host.kernel == "6.1.0");
  CHECK(snapshot.host.memory_bytes == 1024 * 1024);
  CHECK(snapshot.reading(name("net.core.somaxconn"))->text() == "4096");
  CHECK(snapshot.reading(name("net.ipv4.absent")).error().kind == ErrorKind::kNotFound);
  CHECK_FALSE(snapshot.reading(name("net.ipv4.never_asked_for")));
  REQUIRE(snapshot.sockets);
  CHECK(snapshot.sockets->client[TcpState::kEstablished] == 1);
  CHECK(snapshot.sockets->usable_ports == 28132);
  CHECK(snapshot.counters.last.at("sockstat.TCP.tw") == 3);
}

TEST_CASE("collect: a rate is taken over the time that really passed") {
  SmallHost host;
  RowTable table("sock_diag", {});
  host.clock.oversleep_seconds = 1;
  host.clock.meanwhile = [&] { host.files.put("/proc/net/snmp", snmp(130)); };

  const Snapshot snapshot = host.collect({&table}, 500);

  CHECK(snapshot.counters.interval_seconds == 1.5);
  CHECK(snapshot.counters.rate("Tcp.ActiveOpens") == 20.0);
}

TEST_CASE("collect: of an interval that began before, what is left is waited for") {
  SmallHost host;
  RowTable table("sock_diag", {});
  const HostSources sources{host.kernel, host.files, {&table}, host.clock};
  SnapshotRequest request;
  request.interval = std::chrono::milliseconds(1000);
  request.first = take_first_sample(sources);
  host.files.put("/proc/net/snmp", snmp(130));
  std::chrono::milliseconds waited{0};
  SUBCASE("it is not over") {
    host.clock.pass(std::chrono::milliseconds(400));
    waited = std::chrono::milliseconds(600);
  }
  SUBCASE("it has been over for long") {
    host.clock.pass(std::chrono::milliseconds(1500));
  }
  const std::chrono::milliseconds before = host.clock.since_boot();

  const Snapshot snapshot = collect(sources, request);

  CHECK(host.clock.since_boot() - before == waited);
  CHECK(snapshot.counters.interval_seconds == doctest::Approx(waited.count() > 0 ? 1.0 : 1.5));
  CHECK(snapshot.counters.rate("Tcp.ActiveOpens") ==
        doctest::Approx(30 / snapshot.counters.interval_seconds));
}

TEST_CASE("collect: a UDP socket lost what it lost between the samples") {
  SmallHost host;
  RowTable table("sock_diag", {});
  const auto lost = [&](int errors, int of_2003, int of_514) {
    const auto row = [](const char* local, int inode, int drops) {
      return "  1: " + std::string(local) + " 00000000:0000 07 00000000:00033F00 00:00000000 " +
             "00000000 997 0 " + std::to_string(inode) + " 2 0 " + std::to_string(drops) + "\n";
    };
    host.files.put("/proc/net/snmp", "Udp: RcvbufErrors\nUdp: " + std::to_string(errors) + "\n");
    host.files.put("/proc/net/udp", "  sl  local_address rem_address\n" +
                                        row("00000000:07D3", 11, of_2003) +
                                        row("00000000:0202", 12, of_514));
  };
  lost(900, 800, 100);
  host.clock.meanwhile = [&] { lost(1000, 900, 100); };

  const Snapshot snapshot = host.collect({&table}, 1000);

  REQUIRE(snapshot.datagrams);
  REQUIRE(snapshot.datagrams->dropping.size() == 1);
  CHECK(snapshot.datagrams->dropping[0].port == 2003);
  CHECK(snapshot.datagrams->dropping[0].dropped == 100);
  CHECK(snapshot.datagrams->dropping[0].waiting_bytes == 0x33F00);
  CHECK(snapshot.datagrams->bound.text() == "514,2003");
  CHECK_FALSE(snapshot.datagrams->dropping[0].since_made);
  // Some were lost, and by none of these that is seen to: those that ever did are named.
  host.clock.meanwhile = [&] { lost(1100, 900, 100); };
  const Snapshot unseen = host.collect({&table}, 1000);
  REQUIRE(unseen.datagrams->dropping.size() == 2);
  CHECK(unseen.datagrams->dropping[0].dropped == 900);
  CHECK(unseen.datagrams->dropping[0].since_made);
  // Without a first look nobody is accused.
  CHECK(host.collect({&table}).datagrams->dropping.empty());
}

TEST_CASE("collect: packets that a card lost are told of, and not those that nobody asked for") {
  SmallHost host;
  RowTable table("sock_diag", {});
  const auto dropped = [&](const char* drops, const char* missed) {
    host.files.put("/proc/net/dev",
                   "  eth0: 1 1 0 " + std::string(drops) + " 0 0 0 0 0 0 0 0 0 0 0 0\n");
    host.files.put("/sys/class/net/eth0/statistics/rx_missed_errors", missed);
  };
  dropped("10", "0");
  host.clock.meanwhile = [&] { dropped("110", "30"); };

  const Snapshot snapshot = host.collect({&table}, 1000);

  CHECK(snapshot.counters.rate("interfaces.lost") == 30.0);
}

TEST_CASE("collect: where packets are dropped by it, rp_filter of every interface is read") {
  SmallHost host;
  RowTable table("sock_diag", {});
  for (const auto& [interface, check] :
       std::map<std::string, std::string>{{"all", "0"}, {"eth0", "1"}, {"eth1", "2"}}) {
    host.kernel.set("net.ipv4.conf." + interface + ".rp_filter", check);
  }
  const auto drops = [&](int count) {
    host.files.put("/proc/net/netstat",
                   "TcpExt: IPReversePathFilter\nTcpExt: " + std::to_string(count) + "\n");
  };
  drops(1);
  host.clock.meanwhile = [&] { drops(2); };

  CHECK(host.collect({&table}, 1000).host.reverse_path_filters ==
        std::map<std::string, int64_t>{{"eth0", 1}, {"eth1", 2}});
  // One sample tells of no drops.
  CHECK_FALSE(host.collect({&table})
                  .host.reverse_path_filters.value_or(std::map<std::string, int64_t>{})
                  .contains("eth1"));
}

TEST_CASE("collect: without an interval there is one sample and no rate") {
  SmallHost host;
  RowTable table("sock_diag", {});

  const Snapshot snapshot = host.collect({&table});

  CHECK(snapshot.counters.since_boot("Tcp.ActiveOpens") == 100);
  CHECK_FALSE(snapshot.counters.rate("Tcp.ActiveOpens"));
}

TEST_CASE("collect: parameters are read after the wait") {
  SmallHost host;
  RowTable table("sock_diag", {});
  host.clock.meanwhile = [&] { host.kernel.set("net.core.somaxconn", "128"); };

  const Snapshot snapshot = host.collect({&table}, 1000);

  CHECK(snapshot.reading(name("net.core.somaxconn"))->text() == "128");
}

TEST_CASE("collect: the delay before a port is taken over is what the kernel is set to") {
  SmallHost host;
  RowTable table("sock_diag", {});
  CHECK(host.collect({&table}).sockets->reuse_delay_seconds == 1);

  host.kernel.set("net.ipv4.tcp_tw_reuse_delay", "250");
  CHECK(host.collect({&table}).sockets->reuse_delay_seconds == 0.25);
}

TEST_CASE(
    "collect: a table that changed while it was read is read again, and then said to be uneven") {
  SmallHost host;
  RowTable table("sock_diag", {socket_row(TcpState::kEstablished, 40000)}, Visit{.uneven = true});

  const Snapshot snapshot = host.collect({&table});

  CHECK(table.visits == 3);
  REQUIRE(snapshot.sockets);
  CHECK(snapshot.sockets->uneven);
  CHECK(snapshot.sockets->client.total() == 1);
}

TEST_CASE(
    "collect: the processes behind what runs full are named, and those behind the rest not "
    "sought") {
  SmallHost host;
  SocketRow full = listener_row(80, 9, 8);
  full.inode = 7;
  SocketRow calm = listener_row(81, 1, 128);
  calm.inode = 8;
  SocketRow client = socket_row(TcpState::kEstablished, 40000);
  client.inode = 9;
  RowTable table("sock_diag", {full, calm, client});
  std::set<uint32_t> asked;
  HostSources sources{host.kernel, host.files, {&table}, host.clock};
  sources.find_owners = [&](const std::set<uint32_t>& inodes) {
    asked = inodes;
    return FoundOwners{{{7, {{4711, "nginx"}}}}, "2 processes could not be looked into"};
  };

  const Snapshot snapshot = collect(sources, {});

  CHECK(asked == std::set<uint32_t>{7});
  CHECK(owners_text(snapshot.sockets->listeners.at(0).owners) == "nginx (pid 4711)");
  CHECK(snapshot.sockets->listeners.at(1).owners.empty());
  CHECK(snapshot.sockets->owners_missing == "2 processes could not be looked into");
}

TEST_CASE("collect: the kernel's log is read with the second sample, and not without one") {
  SmallHost host;
  RowTable table("sock_diag", {});
  HostSources sources{host.kernel, host.files, {&table}, host.clock};
  sources.read_kernel_log = [] {
    return std::vector<std::string>{"4,1,0,-;neighbour: arp_cache: neighbor table overflow!"};
  };

  CHECK_FALSE(collect(sources, {}).kernel_log);
  const Snapshot snapshot = collect(sources, {{}, std::chrono::milliseconds(1000)});

  REQUIRE(snapshot.kernel_log);
  CHECK(snapshot.kernel_log->size() == 1);
}

TEST_CASE("collect: descriptors are looked at for inotify while the counters are waited for") {
  SmallHost host;
  RowTable table("sock_diag", {});
  HostSources sources{host.kernel, host.files, {&table}, host.clock};
  sources.read_inotify_use = [&]() -> Result<InotifyUse> {
    host.clock.sleep(std::chrono::milliseconds(300));
    return InotifyUse{{1000, 7}, {0, 40}};
  };

  CHECK_FALSE(collect(sources, {}).inotify);
  const Snapshot snapshot = collect(sources, {{}, std::chrono::milliseconds(1000)});

  REQUIRE(snapshot.inotify);
  CHECK(snapshot.inotify->instances.count == 7);
  CHECK(snapshot.counters.interval_seconds == doctest::Approx(1));
}

TEST_CASE("collect: a PID namespace that somebody made is a container, also without a mark") {
  SmallHost host;
  RowTable table("sock_diag", {});
  HostSources sources{host.kernel, host.files, {&table}, host.clock};

  CHECK(collect(sources, {}).host.container == false);
  sources.made_pid_namespace = true;
  CHECK(collect(sources, {}).host.container == true);
}

TEST_CASE("collect: the second socket table is read where the first fails half-way") {
  SmallHost host;
  RowTable broken("sock_diag", {socket_row(TcpState::kEstablished, 40000)},
                  Error{ErrorKind::kNotFound, "no tcp_diag", 2});
  RowTable whole("/proc/net/tcp", {socket_row(TcpState::kEstablished, 40000)});

  const Snapshot snapshot = host.collect({&broken, &whole});

  REQUIRE(snapshot.sockets);
  CHECK(snapshot.sockets->read_from == "/proc/net/tcp");
  CHECK(snapshot.sockets->client.total() == 1);
}

TEST_CASE("collect: the second socket table is left alone where the first answers") {
  SmallHost host;
  RowTable first("sock_diag", {});
  RowTable second("/proc/net/tcp", {});

  host.collect({&first, &second});

  CHECK(first.visits == 1);
  CHECK(second.visits == 0);
}

TEST_CASE("collect: where no socket table answers the last reason is kept") {
  SmallHost host;
  RowTable first("sock_diag", {}, Error{ErrorKind::kNotFound, "no tcp_diag", 2});
  RowTable second("/proc/net/tcp", {}, Error{ErrorKind::kDenied, "not permitted", 13});

  CHECK(host.collect({&first, &second}).sockets.error().message == "not permitted");
  CHECK_FALSE(host.collect({}).sockets);
}

TEST_CASE("collect: without the port range the load is unknown, since ports cannot be judged") {
  SmallHost host;
  RowTable table("sock_diag", {});
  host.kernel.make_unreadable("net.ipv4.ip_local_port_range");

  const Snapshot snapshot = host.collect({&table});

  REQUIRE_FALSE(snapshot.sockets);
  CHECK(snapshot.sockets.error().message.find("net.ipv4.ip_local_port_range") != std::string::npos);
}

TEST_CASE("collect: a port range that makes no sense is not used") {
  SmallHost host;
  RowTable table("sock_diag", {});
  for (const char* range : {"60999 32768", "1", "a b", "-1 5", "1 65536", ""}) {
    CAPTURE(std::string(range));
    host.kernel.set("net.ipv4.ip_local_port_range", range);

    CHECK_FALSE(host.collect({&table}).sockets);
  }
}

TEST_CASE("collect: on a host without anything the snapshot is made all the same") {
  testing::Steps steps;
  const testing::FakeKernel kernel(steps);
  const testing::MemoryFiles files(steps);
  testing::ManualClock clock;

  const Snapshot snapshot = collect({kernel, files, {}, clock}, {{name("net.core.somaxconn")}, {}});

  CHECK(snapshot.host.name.empty());
  CHECK_FALSE(snapshot.host.memory_bytes);
  CHECK_FALSE(snapshot.reading(name("net.core.somaxconn")));
  CHECK(snapshot.counters.last.empty());
}

}  // namespace advisor::collector_test
