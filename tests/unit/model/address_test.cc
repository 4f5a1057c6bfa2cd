#include "model/address.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::address_test {

using testing::address;

TEST_CASE("address: it is written as people write it") {
  CHECK(address("10.0.0.5").text() == "10.0.0.5");
  CHECK(address("2001:db8:0:0::1").text() == "2001:db8::1");
  CHECK(endpoint_text(address("10.0.0.5"), 8080) == "10.0.0.5:8080");
  CHECK(endpoint_text(address("2001:db8::1"), 443) == "[2001:db8::1]:443");
}

TEST_CASE("address: an IPv4 address inside IPv6 is that IPv4 address") {
  CHECK(address("::ffff:10.0.0.5") == address("10.0.0.5"));
  CHECK(address("::ffff:10.0.0.5").is_v4());
  CHECK_FALSE(address("::10.0.0.5").is_v4());
}

TEST_CASE("address: what was written is read again, and nothing else is an address") {
  for (const char* text : {"10.0.0.5", "::", "2001:db8::1", "127.0.0.1"}) {
    CAPTURE(std::string(text));
    const auto read = IpAddress::parse(text);

    REQUIRE(read);
    CHECK(read->text() == text);
  }
  for (const char* text :
       {"", "10.0.0", "10.0.0.256", "010.0.0.1", "::1%lo", "host", "10.0.0.1 "}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(IpAddress::parse(text));
  }
}

TEST_CASE("address: loopback is told in both families") {
  CHECK(address("127.1.2.3").is_loopback());
  CHECK(address("::1").is_loopback());
  CHECK_FALSE(address("128.0.0.1").is_loopback());
  CHECK_FALSE(address("2001:db8::1").is_loopback());
  CHECK_FALSE(address("0.0.0.0") == address("::"));
}

}  // namespace advisor::address_test
