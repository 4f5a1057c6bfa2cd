#include "render/load_words.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::load_words_test {

using testing::listener_row;
using testing::load_of;
using testing::socket_row;

TEST_CASE("load words: one of a kind is told as one") {
  SocketLoad load = load_of({listener_row(80, 1, 128), socket_row(TcpState::kEstablished, 40000)},
                            PortSet::Range{40000, 40099});
  load.tail = {.destinations = 1, .sockets = 1};

  CHECK(in_words(load.destinations.at(0)) ==
        "10.0.0.5:8080 from 10.0.0.1: 1 established, 0 TIME_WAIT; 1 port of the range in use");
  CHECK(in_words(load.listeners.at(0)) == "0.0.0.0:80: 1 connection waits, backlog 128");
  CHECK(load_remarks(load, 0) ==
        std::vector<std::string>{"and 1 more destination",
                                 "and 1 socket towards up to 1 other, too many to be told apart"});
}

TEST_CASE("load words: several are told as several") {
  SocketLoad load = load_of({listener_row(80, 2, 128), socket_row(TcpState::kEstablished, 40000),
                             socket_row(TcpState::kEstablished, 40001)},
                            PortSet::Range{40000, 40099});
  load.tail = {.destinations = 2, .sockets = 3};

  CHECK(in_words(load.destinations.at(0)) ==
        "10.0.0.5:8080 from 10.0.0.1: 2 established, 0 TIME_WAIT; 2 ports of the range in use");
  CHECK(in_words(load.listeners.at(0)) == "0.0.0.0:80: 2 connections wait, backlog 128");
  CHECK(
      load_remarks(load, 1) ==
      std::vector<std::string>{"and 3 sockets towards up to 2 others, too many to be told apart"});
}

}  // namespace advisor::load_words_test
