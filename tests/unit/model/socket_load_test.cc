#include <doctest/doctest.h>

#include "model/socket_load_builder.h"
#include "support/builders.h"

namespace advisor::socket_load_test {

using testing::address;
using testing::listener_row;
using testing::load_of;
using testing::socket_row;
using testing::time_wait_row;

TEST_CASE("socket load: a socket on a listening port came in, every other one went out") {
  SocketRow came_in = socket_row(TcpState::kEstablished, 80, "10.9.9.9", 40000);
  const SocketLoad load =
      load_of({listener_row(80), came_in, socket_row(TcpState::kEstablished, 40000),
               socket_row(TcpState::kSynSent, 40001)});

  CHECK(load.server[TcpState::kEstablished] == 1);
  CHECK(load.client[TcpState::kEstablished] == 1);
  CHECK(load.client[TcpState::kSynSent] == 1);
  CHECK(load.all().total() == 4);
  REQUIRE(load.servers.size() == 1);
  CHECK(load.servers[0].port == 80);
}

TEST_CASE("socket load: ports are counted for each source, destination and port apart") {
  SocketRow other_source = socket_row(TcpState::kEstablished, 40003);
  other_source.source = address("10.0.0.2");
  const SocketLoad load =
      load_of({socket_row(TcpState::kEstablished, 40000), socket_row(TcpState::kEstablished, 40001),
               socket_row(TcpState::kEstablished, 40002, "10.0.0.5", 443), other_source,
               time_wait_row(40004, 30)});

  REQUIRE(load.destinations.size() == 3);
  CHECK(load.destinations[0].ports_in_use == 3);
  CHECK(load.destinations[0].time_wait_ports == 1);
  CHECK(load.destinations[0].live() == 2);
  CHECK(load.destinations[0].destination.port == 8080);
  CHECK(load.destinations[1].ports_in_use == 1);
  CHECK(load.destinations[2].ports_in_use == 1);
}

TEST_CASE("socket load: reserved ports and ports outside the range use up nothing") {
  const PortSet reserved = PortSet::parse("32770-32771").value();
  const SocketLoad load =
      load_of({socket_row(TcpState::kEstablished, 32768), socket_row(TcpState::kEstablished, 32770),
               socket_row(TcpState::kEstablished, 20000), time_wait_row(20001, 10)},
              10, reserved);

  CHECK(load.usable_ports == 8);
  REQUIRE(load.destinations.size() == 1);
  CHECK(load.destinations[0].states.total() == 4);
  CHECK(load.destinations[0].ports_in_use == 1);
  CHECK(load.destinations[0].time_wait_ports == 0);
}

TEST_CASE("socket load: the age of TIME_WAIT tells how fast connections come and go") {
  const SocketLoad load =
      load_of({time_wait_row(40000, 59.5), time_wait_row(40001, 56), time_wait_row(40002, 55),
               time_wait_row(40003, 30), time_wait_row(40004, 5), time_wait_row(40005, 4.9)});

  const DestinationLoad& towards = load.destinations.at(0);
  CHECK(towards.recently_closed == 2);
  CHECK(towards.about_to_expire == 1);
  CHECK(towards.settled_ports == 5);
  CHECK(load.closed_per_second(towards) == doctest::Approx(0.4));
  CHECK(load.released_per_second(towards) == doctest::Approx(0.2));
}

TEST_CASE("socket load: with an interval, what was closed within it tells the rate") {
  FirstLook before;
  before.interval_seconds = 2;
  const SocketLoad load =
      load_of({time_wait_row(40000, 59.5), time_wait_row(40001, 57.9)}, {32768, 60999}, {}, before);

  CHECK(load.closed_per_second(load.destinations.at(0)) == doctest::Approx(0.5));
}

TEST_CASE("socket load: a program has forgotten only what it holds for some seconds") {
  const auto close_wait = [](uint32_t inode, std::optional<double> quiet_seconds) {
    SocketRow row = socket_row(TcpState::kCloseWait, 80);
    row.inode = inode;
    if (quiet_seconds) row.info.emplace().quiet_seconds = *quiet_seconds;
    return row;
  };
  FirstLook before;
  before.close_wait = std::set<uint32_t>{7};

  // By age; what nobody accepted yet has no inode.
  CHECK(load_of({close_wait(7, 5.0), close_wait(8, 4.9), close_wait(0, 60.0)}).close_wait_held ==
        1);
  // By both samples, where ages are not told.
  CHECK(
      load_of({close_wait(7, {}), close_wait(8, {})}, {32768, 60999}, {}, before).close_wait_held ==
      1);
  CHECK_FALSE(load_of({close_wait(7, {})}).close_wait_held.has_value());
  CHECK(load_of({}).close_wait_held == 0);
}

TEST_CASE("socket load: a listener has dropped what it dropped since the first sample") {
  const auto listener = [](uint32_t inode, uint32_t drops) {
    SocketRow row = listener_row(80 + int(inode));
    row.inode = inode;
    row.drops = drops;
    return row;
  };
  FirstLook before;
  before.listener_drops = std::map<uint32_t, uint32_t>{{1, 100}};
  const SocketLoad load =
      load_of({listener(1, 134), listener(2, 3), listener_row(90)}, {32768, 60999}, {}, before);

  CHECK(load.listeners.at(0).dropped == 34);
  CHECK(load.listeners.at(1).dropped == 3);
  CHECK_FALSE(load.listeners.at(2).dropped.has_value());
  CHECK_FALSE(load_of({listener(1, 134)}).listeners.at(0).dropped.has_value());
}

TEST_CASE("socket load: what leaves from an address that nobody listens on is a client's") {
  SocketRow listener = listener_row(40000, 0, 128, "10.0.0.9");
  const SocketLoad load = load_of({listener, socket_row(TcpState::kEstablished, 40000)});

  CHECK(load.client[TcpState::kEstablished] == 1);
  CHECK(load.server.total() == 0);
}

TEST_CASE("socket load: a listener on :: takes IPv4 connections as well") {
  const SocketLoad load =
      load_of({listener_row(80, 0, 128, "::"), socket_row(TcpState::kEstablished, 80)});

  CHECK(load.server[TcpState::kEstablished] == 1);
}

TEST_CASE("socket load: a port of the range that is listened on is not usable") {
  CHECK(load_of({listener_row(32770), listener_row(32770, 0, 128, "::"), listener_row(22)}, 100)
            .usable_ports == 99);
}

TEST_CASE("socket load: a socket that is only bound holds its port towards every destination") {
  const SocketLoad load = load_of({socket_row(TcpState::kBoundInactive, 40000, "0.0.0.0", 0),
                                   socket_row(TcpState::kEstablished, 40001)});

  CHECK(load.bound_ports == 1);
  CHECK(load.destinations.size() == 1);
  CHECK(load.client[TcpState::kBoundInactive] == 1);
}

TEST_CASE("socket load: how old a TIME_WAIT must be is what the kernel is set to") {
  SocketLoadBuilder builder({32768, 60999}, {}, 10);
  builder.add_connection(time_wait_row(40000, 55));
  builder.add_connection(time_wait_row(40001, 45));

  CHECK(builder.finish("sock_diag").destinations.at(0).settled_ports == 1);
}

TEST_CASE("socket load: a TIME_WAIT of unknown age counts, but tells no rate") {
  SocketRow row = time_wait_row(40000, 0);
  row.expires_in_seconds.reset();

  const SocketLoad load = load_of({row});

  CHECK(load.destinations.at(0).time_wait_ports == 1);
  CHECK(load.destinations.at(0).settled_ports == 0);
  CHECK(load.destinations.at(0).recently_closed == 0);
}

TEST_CASE("socket load: the busiest destination and the fullest queue come first") {
  const SocketLoad load =
      load_of({listener_row(80, 2, 128), listener_row(81, 200, 128), listener_row(82, 5, 4),
               socket_row(TcpState::kEstablished, 40000, "10.0.0.7"),
               socket_row(TcpState::kEstablished, 40001, "10.0.0.8"),
               socket_row(TcpState::kEstablished, 40002, "10.0.0.8")});

  CHECK(load.destinations.at(0).destination.address == address("10.0.0.8"));
  CHECK(load.listeners.at(0).port == 81);
  CHECK(load.listeners.at(1).port == 82);
  CHECK(load.listening_ports().text() == "80-82");
}

TEST_CASE("socket load: a listener is full when one more waits than its backlog says") {
  const SocketLoad load = load_of({listener_row(80, 128, 128), listener_row(81, 129, 128)});

  CHECK(load.listeners.at(0).excess() == 1);
  CHECK(load.listeners.at(1).excess() == 0);
}

TEST_CASE("socket load: where no backlog is told the longest queue comes first") {
  const SocketLoad load =
      load_of({listener_row(80, 2, std::nullopt), listener_row(81, 5, std::nullopt)});

  CHECK(load.listeners.at(0).port == 81);
  CHECK_FALSE(load.listeners.at(0).backlog);
}

TEST_CASE("socket load: a state is named as ss names it") {
  CHECK(std::string(name_of(TcpState::kEstablished)) == "ESTAB");
  CHECK(std::string(name_of(TcpState::kTimeWait)) == "TIME-WAIT");
  CHECK(std::string(name_of(TcpState::kBoundInactive)) == "BOUND");
}

}  // namespace advisor::socket_load_test
