#include "model/parameter.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::parameter_test {

using testing::name;

TEST_CASE("parameter: both spellings name the same parameter") {
  CHECK(name("net.ipv4.tcp_tw_reuse") == name("net/ipv4/tcp_tw_reuse"));
  CHECK(name("net/ipv4/tcp_tw_reuse").dotted() == "net.ipv4.tcp_tw_reuse");
  CHECK(name("net.ipv4.tcp_tw_reuse").path() == "net/ipv4/tcp_tw_reuse");
}

TEST_CASE("parameter: the first separator decides, so a VLAN keeps its dot") {
  CHECK(name("net.ipv4.conf.eth0/100.rp_filter") == name("net/ipv4/conf/eth0.100/rp_filter"));
  CHECK(name("net.ipv4.conf.eth0/100.rp_filter").path() == "net/ipv4/conf/eth0.100/rp_filter");
  CHECK(name("net/ipv4/conf/eth0.100/rp_filter").dotted() == "net.ipv4.conf.eth0/100.rp_filter");
}

TEST_CASE("parameter: no text becomes a name that leaves /proc/sys") {
  for (const char* text : {"", "somaxconn", ".", "/", "/etc/passwd", ".net.x", "net.", "net..x",
                           "net//x", "../x", "net/../../etc/passwd", "net./.x", "net.//.x",
                           "net/./x", "net.ipv4 x", "net.ipv4\n", "a.\x7f", "a.\xc3\xa9"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParameterName::parse(text));
  }
  CHECK_FALSE(ParameterName::parse(std::string_view("a.b\0c", 5)));
}

TEST_CASE("parameter: values are equal if their words are") {
  CHECK(ParameterValue("32768\t60999\n") == ParameterValue(" 32768 60999"));
  CHECK(ParameterValue("32768\t60999\n").text() == "32768 60999");
  CHECK_FALSE(ParameterValue("1") == ParameterValue("01"));
  CHECK(ParameterValue(" \n").empty());
}

}  // namespace advisor::parameter_test
