#include "model/port_set.h"

#include <doctest/doctest.h>

namespace advisor::port_set_test {
namespace {

std::string normalised(std::string_view text) {
  const auto set = PortSet::parse(text);
  return set ? set->text() : "no port set";
}

}  // namespace

TEST_CASE("port set: it is written as the kernel writes it") {
  CHECK(normalised("8080") == "8080");
  CHECK(normalised("9000-9010,8080") == "8080,9000-9010");
  CHECK(normalised("1,2,3") == "1-3");
  CHECK(normalised("10-20,15-30,31") == "10-31");
  CHECK(normalised("1,3,2") == "1-3");
  CHECK(normalised("0x10,010") == "8,16");
  CHECK(normalised("0-65535") == "0-65535");
  CHECK(normalised("  \n").empty());
}

TEST_CASE("port set: what is no list of ports is none") {
  for (const char* text :
       {"a", "80,", ",80", "80-", "-80", "90-80", "1-2-3", "65536", "1 2", "80;81"}) {
    CAPTURE(std::string(text));
    CHECK(normalised(text) == "no port set");
  }
}

TEST_CASE("port set: it knows what it contains") {
  const PortSet set = PortSet::parse("10-20,30").value();

  CHECK(set.contains(10));
  CHECK(set.contains(20));
  CHECK_FALSE(set.contains(21));
  CHECK(set.contains(PortSet::parse("12-13,30").value()));
  CHECK(set.contains(PortSet()));
  CHECK_FALSE(set.contains(PortSet::parse("20-21").value()));
  CHECK(set.count_within({15, 30}) == 7);
  CHECK(set.count_within({21, 29}) == 0);
  CHECK(set.within({15, 40}).text() == "15-20,30");
}

TEST_CASE("port set: adding sets in any order gives the same set") {
  PortSet one = PortSet::parse("5-6,100").value();
  PortSet other = PortSet::parse("7,1-2").value();
  PortSet sum = one;
  sum.add(other);
  other.add(one);

  CHECK(sum == other);
  CHECK(sum.text() == "1-2,5-7,100");
}

}  // namespace advisor::port_set_test
