#include "model/written_value.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor {
namespace {

using testing::name;
using testing::value;

std::optional<std::string> written(const char* parameter, const char* text,
                                   const std::optional<ParameterValue>& before = std::nullopt) {
  const auto left = value_written(testing::shipped_catalogue().find(name(parameter)), before, text);
  return left ? std::optional(left->text()) : std::nullopt;
}

}  // namespace

TEST_CASE("written value: a number ends at a blank, and what follows it is ignored") {
  CHECK(written("net.ipv4.tcp_fin_timeout", "33 # vendor") == "33");
  CHECK(written("net.ipv4.tcp_fin_timeout", "40 50") == "40");
  CHECK(written("net.ipv4.tcp_fin_timeout", "30# x") == std::nullopt);
  CHECK(written("net.ipv4.tcp_fin_timeout", "'30'") == std::nullopt);
  CHECK(written("net.ipv4.tcp_fin_timeout", "") == std::nullopt);
}

TEST_CASE("written value: numbers are read as C has them, and those too large stay as they are") {
  CHECK(written("net.ipv4.tcp_fin_timeout", "0x20") == "32");
  CHECK(written("net.ipv4.tcp_fin_timeout", "010") == "8");
  CHECK(written("kernel.shmmax", "18446744073692774399") == "18446744073692774399");
}

TEST_CASE("written value: fewer numbers leave the others, and a wrong one those behind it") {
  const auto before = value("4096 131072 6291456");

  CHECK(written("net.ipv4.tcp_rmem", "8192 16384", before) == "8192 16384 6291456");
  CHECK(written("net.ipv4.tcp_rmem", "6001 # comment", before) == "6001 131072 6291456");
  CHECK(written("net.ipv4.tcp_rmem", "1 2 3 # comment", before) == "1 2 3");
  CHECK(written("net.ipv4.tcp_rmem", "abc", before) == std::nullopt);
  CHECK(written("net.ipv4.ip_local_port_range", "20000", value("1024 65535")) == "20000 65535");
  // It is put together before it is stored.
  CHECK(written("net.ipv4.ip_local_port_range", "20000 #", value("1024 65535")) == std::nullopt);
}

TEST_CASE("written value: text keeps what looks like a comment, and ports must be ports") {
  CHECK(written("net.ipv4.tcp_congestion_control", "cubic # x") == "cubic # x");
  CHECK(written("net.ipv4.ip_local_reserved_ports", "8080 # x") == std::nullopt);
  CHECK(written("net.ipv4.ip_local_reserved_ports", "8080,8081") == "8080,8081");
}

TEST_CASE("written value: where the catalogue has no row what stands tells what it is") {
  CHECK(value_written(nullptr, value("5"), "7 # x") == value("7"));
  CHECK(value_written(nullptr, value("word"), "7 # x") == value("7 # x"));
  CHECK(value_written(nullptr, std::nullopt, "7 # x") == value("7 # x"));
}

}  // namespace advisor
