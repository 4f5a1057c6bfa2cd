#include "plan/namespace_scope.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::namespace_scope_test {
namespace {

using testing::name;

bool belongs(const char* parameter, const Catalogue& catalogue) {
  return !why_outside_of_namespace(name(parameter), catalogue, "blue");
}

}  // namespace

TEST_CASE("network namespaces: what belongs to the whole host is told, by the catalogue") {
  const Catalogue catalogue = testing::shipped_catalogue();

  CHECK(belongs("net.ipv4.tcp_fin_timeout", catalogue));
  CHECK(belongs("net.ipv4.conf.eth0.rp_filter", catalogue));
  CHECK_FALSE(belongs("net.core.rmem_max", catalogue));
  CHECK(why_outside_of_namespace(name("vm.swappiness"), catalogue, "blue") ==
        "vm.swappiness belongs to the whole host and not to network namespace blue: change it "
        "without --netns");
}

TEST_CASE("network namespaces: of what is not in the catalogue only net can belong to one") {
  CHECK(belongs("net.new.thing", {}));
  CHECK_FALSE(belongs("vm.new_thing", {}));
}

}  // namespace advisor::namespace_scope_test
