#include "model/destination_table.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/builders.h"

namespace advisor::destination_table_test {
namespace {

/// Number `number` of many addresses.
Destination destination(uint32_t number) {
  const uint8_t bytes[] = {10, uint8_t(number >> 16), uint8_t(number >> 8), uint8_t(number)};
  return {testing::address("10.0.0.1"), IpAddress::v4(bytes), 443};
}

void count(DestinationTable& table, uint32_t number) {
  ++table.at(destination(number)).states[TcpState::kEstablished];
}

int64_t sockets_of(const std::vector<DestinationLoad>& loads) {
  int64_t sockets = 0;
  for (const DestinationLoad& load : loads) sockets += load.states.total();
  return sockets;
}

const DestinationLoad* find(const std::vector<DestinationLoad>& loads, uint32_t number) {
  const auto found = std::find_if(loads.begin(), loads.end(), [&](const DestinationLoad& load) {
    return load.destination == destination(number);
  });
  return found == loads.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("destinations: as many as there is room for are counted exactly") {
  DestinationTable table(100);
  for (uint32_t i = 0; i < 500; ++i) count(table, i % 100);

  const auto loads = table.take();

  CHECK(loads.size() == 100);
  CHECK(std::all_of(loads.begin(), loads.end(), [](const DestinationLoad& load) {
    return load.states.total() == 5 && load.missed == 0;
  }));
  CHECK(table.tail() == DestinationTail{});
}

TEST_CASE("destinations: source, address, port and family tell one from another") {
  DestinationTable table;
  Destination other = destination(1);
  other.port = 80;
  Destination elsewhere = destination(1);
  elsewhere.source = testing::address("10.0.0.2");
  Destination v6 = destination(1);
  v6.address = testing::address("a00:1::");
  for (const Destination& one : {destination(1), other, elsewhere, v6}) {
    ++table.at(one).states[TcpState::kTimeWait];
  }

  CHECK(table.take().size() == 4);
}

TEST_CASE("destinations: of a million the busy one is exact, and memory is bounded") {
  constexpr uint32_t kMany = 1'000'000;
  DestinationTable table;
  for (uint32_t i = 1; i <= kMany; ++i) {
    count(table, i);
    if (i % 50 == 0) count(table, 0);  // 20 000 sockets among all the others
  }

  const DestinationTail tail = table.tail();
  const auto loads = table.take();

  CHECK(loads.size() <= DestinationTable::kMostDestinations);
  const DestinationLoad* busy = find(loads, 0);
  REQUIRE(busy);
  CHECK(busy->states.total() == kMany / 50);
  CHECK(busy->missed == 0);
  CHECK(tail.sockets + sockets_of(loads) == kMany + kMany / 50);
  CHECK(tail.destinations + int64_t(loads.size()) == kMany + 1);
}

TEST_CASE("destinations: one that comes late says how much of it may have been forgotten") {
  DestinationTable table(4);
  count(table, 9);
  for (uint32_t i = 0; i < 8; ++i) {
    count(table, i);
    count(table, i);
  }
  for (int i = 0; i < 30; ++i) count(table, 9);

  const auto loads = table.take();

  const DestinationLoad* late = find(loads, 9);
  REQUIRE(late);
  CHECK(late->states.total() == 30);
  CHECK(late->missed >= 1);
}

}  // namespace advisor::destination_table_test
