#include "facts/facts.h"

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <string_view>

#include "expr/types.h"
#include "facts/port_pressure.h"
#include "facts/rule_scope.h"
#include "support/builders.h"
#include "support/host_statements.h"

namespace advisor::facts_test {
namespace {

using testing::idle_host;
using testing::listener_row;
using testing::load_of;
using testing::socket_row;
using testing::time_wait_row;

expr::Value fact(const std::string& name, const Snapshot& snapshot) {
  const Fact* row = find_fact(name);
  REQUIRE(row);
  return row->value(snapshot);
}

/// Ports 32768 to 32867 towards 10.0.0.5:8080: 20 established, 60 in TIME_WAIT of all ages.
Snapshot busy_host() {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows{listener_row(22), listener_row(20000), listener_row(8443),
                              listener_row(443, 200, 128)};
  for (int i = 0; i < 20; ++i) rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  for (int i = 0; i < 60; ++i) rows.push_back(time_wait_row(32788 + i, 59.5 - i));
  rows.push_back(socket_row(TcpState::kEstablished, 443, "192.0.2.7", 50000));
  snapshot.sockets = load_of(rows, 100);
  testing::count(snapshot, "Tcp.ActiveOpens", 1);  // as many as were closed in each second
  return snapshot;
}

/// A host of which everything could be read, and what the statements add to it.
Snapshot seen(const std::vector<std::string>& statements) {
  testing::StatedHost host(testing::idle_host_in_full(testing::shipped_catalogue()));
  for (const std::string& statement : statements) REQUIRE(host.state(statement));
  return host.finish();
}

}  // namespace

TEST_CASE("facts: they are sorted, unique, documented and found by name") {
  std::string previous;
  for (const Fact& row : facts()) {
    CAPTURE(std::string(row.name));
    CHECK(previous < row.name);
    CHECK(find_fact(row.name) == &row);
    CHECK(*row.meaning != '\0');
    CHECK(*row.read_from != '\0');
    previous = row.name;
  }
  CHECK(find_fact("ports.none") == nullptr);
}

TEST_CASE("facts: on a host where nothing could be read none is guessed") {
  for (const Fact& row : facts()) {
    CAPTURE(std::string(row.name));
    const expr::Value value = row.value(Snapshot());

    // What these say of an empty host is true of it.
    const std::set<std::string_view> told{"host.kernel", "host.page_bytes", "host.ipv6",
                                          "conntrack.loaded"};
    if (told.contains(row.name)) continue;
    REQUIRE(expr::is_unknown(value));
    CHECK_FALSE(std::get<expr::Unknown>(value).missing.at(0).empty());
  }
}

TEST_CASE("facts: on an idle and on a busy host each has a value of its type") {
  for (const Snapshot& snapshot : {seen({"path round_trip_seconds=0.02"}),
                                   seen({"path round_trip_seconds=0.02", "ports 20 60 30"})}) {
    for (const Fact& row : facts()) {
      CAPTURE(std::string(row.name));
      CHECK(expr::has_type(row.value(snapshot), row.type));
    }
  }
}

TEST_CASE("facts: an unread socket table is named as what is missing") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = Error{ErrorKind::kDenied, "cannot read the socket table", 13};

  CHECK(fact("ports.busiest.share", snapshot) ==
        expr::Value(expr::Unknown{{"cannot read the socket table"}}));
  CHECK(fact("connections.outgoing_per_second", snapshot) == expr::Value(0.0));
}

TEST_CASE("facts: each has its value where no parameters are read but those it stands on") {
  for (const Snapshot& whole :
       {seen({"ports 20 60 30", "set net.ipv4.tcp_tw_reuse 1", "listen 20000 0 128"}),
        seen({"path 5 timestamps=0"})}) {
    for (const Fact& row : facts()) {
      CAPTURE(std::string(row.name));
      Snapshot least = whole;
      least.parameters.clear();
      for (const std::string_view parameter : row.stands_on) {
        const auto name = testing::name(parameter);
        least.parameters.emplace(name, whole.reading(name));
      }
      CHECK(row.value(least) == row.value(whole));
    }
  }
}

TEST_CASE("facts: a rule needs the parameters that it names, and those that its facts stand on") {
  std::set<ParameterName> needed;

  add_needed_parameters({"ports.unreserved", "host.cpus", "option.share", "sysctl.vm.swappiness"},
                        needed);

  CHECK(needed == std::set<ParameterName>{testing::name("net.ipv4.ip_local_port_range"),
                                          testing::name("net.ipv4.ip_local_reserved_ports"),
                                          testing::name("vm.swappiness")});
}

TEST_CASE("facts: a parameter is found in either spelling of its name") {
  Snapshot snapshot = idle_host();
  testing::set(snapshot, "net.ipv4.conf.eth0/100.rp_filter", "2");
  const Catalogue catalogue = testing::shipped_catalogue();
  const OptionValues no_options;
  const RuleBindings bindings(catalogue, no_options, snapshot);

  for (const char* name :
       {"sysctl.net.ipv4.conf.eth0/100.rp_filter", "sysctl.net/ipv4/conf/eth0.100/rp_filter"}) {
    CHECK(bindings.value_of(name) == expr::Value(int64_t{2}));
  }
}

TEST_CASE("facts: a rate without a second sample says how to get one") {
  Snapshot snapshot = idle_host();
  snapshot.counters.interval_seconds = 0;

  const expr::Value value = fact("connections.outgoing_per_second", snapshot);

  REQUIRE(expr::is_unknown(value));
  CHECK(std::get<expr::Unknown>(value).missing[0] ==
        "rates need two samples: use --interval 1s or longer");
}

TEST_CASE("facts: the busiest destination is counted port by port") {
  const Snapshot snapshot = busy_host();

  CHECK(fact("ports.busiest.destination", snapshot) == expr::Value("10.0.0.5:8080"));
  CHECK(fact("ports.busiest.source", snapshot) == expr::Value("10.0.0.1"));
  CHECK(fact("ports.busiest.in_use", snapshot) == expr::Value(int64_t{80}));
  CHECK(fact("ports.busiest.blocked", snapshot) == expr::Value(int64_t{80}));
  CHECK(fact("ports.busiest.time_wait", snapshot) == expr::Value(int64_t{60}));
  CHECK(fact("ports.busiest.live", snapshot) == expr::Value(int64_t{20}));
  CHECK(fact("ports.busiest.share", snapshot) == expr::Value(0.8));
  CHECK(fact("ports.busiest.time_wait_share", snapshot) == expr::Value(0.6));
  CHECK(fact("ports.busiest.opened_per_second", snapshot) == expr::Value(1.0));
  CHECK(fact("ports.usable", snapshot) == expr::Value(int64_t{100}));
  CHECK(fact("ports.services_in_widened_range", snapshot) == expr::Value("20000"));
  CHECK(fact("connections.server_established", snapshot) == expr::Value(int64_t{1}));
  CHECK(fact("time_wait.total", snapshot) == expr::Value(int64_t{60}));
  CHECK(fact("listeners.fullest.address", snapshot) == expr::Value("0.0.0.0:443"));
  CHECK(fact("listeners.fullest.is_full", snapshot) == expr::Value(true));
}

TEST_CASE("facts: where TIME_WAIT ports are handed out again they block nothing") {
  Snapshot snapshot = busy_host();
  testing::set(snapshot, "net.ipv4.tcp_tw_reuse", "1");

  CHECK(fact("ports.busiest.reuse_works", snapshot) == expr::Value(true));
  // All but the one that is half a second old.
  CHECK(fact("ports.busiest.blocked", snapshot) == expr::Value(int64_t{21}));
  CHECK(fact("ports.busiest.demand", snapshot) == expr::Value(21.0));
}

TEST_CASE("facts: reuse needs timestamps, and mode 2 needs loopback") {
  Snapshot snapshot = busy_host();
  const auto works = [&](const char* reuse, const char* timestamps) {
    testing::set(snapshot, "net.ipv4.tcp_tw_reuse", reuse);
    testing::set(snapshot, "net.ipv4.tcp_timestamps", timestamps);
    return busiest_ports(snapshot).reuse_works;
  };

  CHECK(works("1", "1"));
  CHECK(works("1", "2"));
  CHECK_FALSE(works("1", "0"));
  CHECK_FALSE(works("2", "1"));
  CHECK_FALSE(works("0", "1"));
  snapshot.sockets = load_of({time_wait_row(32768, 30, "127.0.0.1")});
  CHECK(works("2", "1"));
  testing::set_unreadable(snapshot, "net.ipv4.tcp_tw_reuse");
  CHECK_FALSE(busiest_ports(snapshot).reuse_works);
}

TEST_CASE("facts: the forecast says when the range runs out, or that it holds") {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows;
  for (int i = 0; i < 50; ++i) rows.push_back(time_wait_row(32768 + i, 59.9 - i * 0.09));
  snapshot.sockets = load_of(rows, 100);
  testing::count(snapshot, "Tcp.ActiveOpens", 10);
  // 50 closed in the last 5 s, none about to expire: 10/s, and 50 ports are left.

  CHECK(fact("ports.busiest.demand", snapshot) == expr::Value(600.0));
  CHECK(fact("ports.busiest.exhausted_in_seconds", snapshot) == expr::Value(5.0));
  CHECK(std::get<double>(fact("ports.busiest.sustainable_per_second", snapshot)) ==
        doctest::Approx(100.0 / 60));

  const Snapshot idle = idle_host();
  CHECK(fact("ports.busiest.exhausted_in_seconds", idle) ==
        expr::Value(std::numeric_limits<double>::infinity()));
}

TEST_CASE("facts: a destination that is exhausted comes before one that will be") {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows;
  for (int i = 0; i < 96; ++i) rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  for (int i = 0; i < 50; ++i) rows.push_back(time_wait_row(32768 + i, 59, "10.0.0.6"));
  snapshot.sockets = load_of(rows, 100);

  CHECK(fact("ports.busiest.destination", snapshot) == expr::Value("10.0.0.5:8080"));
}

TEST_CASE("facts: a destination that will be exhausted comes before one that holds more ports") {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows;
  for (int i = 0; i < 60; ++i) rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  for (int i = 0; i < 50; ++i) rows.push_back(time_wait_row(32768 + i, 59, "10.0.0.6"));
  snapshot.sockets = load_of(rows, 100);
  testing::count(snapshot, "Tcp.ActiveOpens", 10);

  CHECK(fact("ports.busiest.destination", snapshot) == expr::Value("10.0.0.6:8080"));
}

TEST_CASE("facts: a rate towards a destination is whole only if the kernel opened no more") {
  Snapshot snapshot = busy_host();
  const auto told = [&](int64_t opened) {
    testing::count(snapshot, "Tcp.ActiveOpens", opened);
    return std::pair(fact("ports.busiest.opened_per_second", snapshot),
                     fact("ports.busiest.rate_is_whole", snapshot));
  };

  CHECK(told(1) == std::pair(expr::Value(1.0), expr::Value(true)));
  // Most rows have gone: it is at least so much, and nothing is foretold.
  CHECK(told(100) == std::pair(expr::Value(1.0), expr::Value(false)));
  CHECK(fact("ports.busiest.demand", snapshot) == expr::Value(80.0));
  // Old connections are closed, and none is opened.
  CHECK(told(0) == std::pair(expr::Value(0.0), expr::Value(true)));
  CHECK(fact("ports.busiest.exhausted_in_seconds", snapshot) ==
        expr::Value(std::numeric_limits<double>::infinity()));
}

TEST_CASE("facts: where the range is full and no port is taken over, reuse fails") {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows;
  for (int i = 0; i < 99; ++i) rows.push_back(time_wait_row(32768 + i, 30));
  testing::set(snapshot, "net.ipv4.tcp_tw_reuse", "1");
  const auto fails = [&](double age_of_one_more, int64_t reused) {
    std::vector<SocketRow> all = rows;
    all.push_back(time_wait_row(32867, 60 - age_of_one_more));
    snapshot.sockets = load_of(all, 100);
    testing::count(snapshot, "TcpExt.TWRecycled", reused);
    return busiest_ports(snapshot).reuse_fails;
  };

  CHECK(fails(0.5, 0));
  CHECK(busiest_ports(snapshot).blocked == 100);
  CHECK_FALSE(fails(0.5, 1));
  CHECK(busiest_ports(snapshot).blocked == 1);
  // Nobody came and went there: that is evidence of nothing.
  CHECK_FALSE(fails(30, 0));
}

TEST_CASE("facts: where no port is usable all of them are blocked") {
  Snapshot snapshot = idle_host();
  snapshot.sockets =
      load_of({socket_row(TcpState::kEstablished, 20000)}, 1, PortSet::parse("32768").value());

  CHECK(fact("ports.busiest.share", snapshot) == expr::Value(1.0));
  CHECK(fact("ports.busiest.share", idle_host()) == expr::Value(0.0));
}

TEST_CASE("facts: the pool holds the mean and three standard deviations") {
  CHECK(pool_size_for(0) == 4);
  CHECK(pool_size_for(1) == 4);
  CHECK(pool_size_for(100) == 130);
}

TEST_CASE("facts: a backlog that the source does not tell stays unknown") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = load_of({listener_row(443, 200, std::nullopt)});

  CHECK(fact("listeners.fullest.waiting", snapshot) == expr::Value(int64_t{200}));
  CHECK(expr::is_unknown(fact("listeners.fullest.backlog", snapshot)));
  CHECK(expr::is_unknown(fact("listeners.fullest.is_full", snapshot)));
}

TEST_CASE("facts: the kernel's TIME_WAIT limit is told in a namespace that shares the table too") {
  Snapshot snapshot = idle_host();
  testing::set(snapshot, "net.ipv4.tcp_ehash_entries", "-131072");

  CHECK(fact("time_wait.kernel_limit", snapshot) == expr::Value(int64_t{65536}));
}

TEST_CASE("facts: unreserved ports follow the parameters, not the socket table") {
  Snapshot snapshot = idle_host();
  testing::set(snapshot, "net.ipv4.ip_local_port_range", "40000 40009");
  testing::set(snapshot, "net.ipv4.ip_local_reserved_ports", "39999-40003,40008-50000");

  CHECK(fact("ports.unreserved", snapshot) == expr::Value(int64_t{4}));

  testing::set_unreadable(snapshot, "net.ipv4.ip_local_reserved_ports");
  CHECK(expr::is_unknown(fact("ports.unreserved", snapshot)));
}

TEST_CASE("facts: services inside the range are those below the kernel's own low end") {
  Snapshot snapshot = idle_host();
  testing::set(snapshot, "net.ipv4.ip_local_port_range", "1024 65535");
  snapshot.sockets =
      load_of({listener_row(22), listener_row(8080), listener_row(32767), listener_row(32768)});

  CHECK(fact("ports.listening_low", snapshot) == expr::Value("8080,32767"));
}

TEST_CASE("facts: what the kernel does not count is not there, unless nothing could be read") {
  Snapshot snapshot = idle_host();

  CHECK(fact("conntrack.loaded", snapshot) == expr::Value(false));
  CHECK(fact("host.ipv6", snapshot) == expr::Value(false));

  testing::count(snapshot, "nf_conntrack.drop", 0);
  testing::count(snapshot, "snmp6.Udp6InErrors", 0);
  CHECK(fact("conntrack.loaded", snapshot) == expr::Value(true));
  CHECK(fact("host.ipv6", snapshot) == expr::Value(true));

  snapshot.counters = {};
  CHECK(expr::is_unknown(fact("conntrack.loaded", snapshot)));
}

}  // namespace advisor::facts_test
