#include "rules/namespace_scope.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor {
namespace {

Change change(const char* name) {
  return {*ParameterName::parse(name), ParameterValue("1"), ParameterValue("2"), "rule"};
}

}  // namespace

TEST_CASE("network namespaces: what belongs to the whole host is refused, by the catalogue") {
  const Catalogue catalogue = testing::shipped_catalogue();

  const auto refused =
      outside_of_namespace({change("net.ipv4.tcp_fin_timeout"), change("vm.swappiness"),
                            change("net.core.rmem_max"), change("net.ipv4.conf.eth0.rp_filter")},
                           catalogue, "blue");

  REQUIRE(refused.size() == 2);
  CHECK(refused[0].starts_with(
      "vm.swappiness belongs to the whole host and not to network namespace blue: "));
  CHECK(refused[1].starts_with("net.core.rmem_max belongs to the whole host"));
}

TEST_CASE("network namespaces: of what is not in the catalogue only net can belong to one") {
  const auto refused =
      outside_of_namespace({change("net.new.thing"), change("vm.new_thing")}, {}, "blue");

  REQUIRE(refused.size() == 1);
  CHECK(refused[0].starts_with("vm.new_thing"));
}

}  // namespace advisor
