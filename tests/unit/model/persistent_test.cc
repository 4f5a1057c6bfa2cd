#include "model/persistent.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::persistent_test {

using testing::name;

TEST_CASE("persistent settings: each loader has the line that it ends with") {
  const ParameterName somaxconn = name("net.core.somaxconn");
  PersistentSettings persistent;
  PersistentSetting first{somaxconn, "1", {"/etc/sysctl.d/a.conf", 1, 0}, false, false, {}, {}};
  PersistentSetting second{somaxconn, "2", {"/etc/sysctl.conf", 3, 0}, false, false, {}, {}};
  first.wins.systemd = true;
  second.wins.procps = true;
  persistent.settings[somaxconn] = {first, second};

  CHECK(*persistent.winner(somaxconn, SysctlLoader::kSystemd)->value == "1");
  CHECK(*persistent.winner(somaxconn, SysctlLoader::kProcps)->value == "2");
  CHECK(persistent.lines_on(somaxconn).size() == 2);
}

TEST_CASE("persistent settings: a parameter on no line has no winner") {
  const PersistentSettings persistent;

  CHECK(persistent.winner(name("net.core.somaxconn"), SysctlLoader::kSystemd) == nullptr);
  CHECK(persistent.lines_on(name("net.core.somaxconn")).empty());
}

TEST_CASE("persistent settings: a name comes back from how a file spells it") {
  for (const char* parameter :
       {"net.core.somaxconn", "net.ipv4.conf.?.rp_filter", "net.ipv4.conf.*.rp_filter",
        "net.ipv4.conf.[x].rp_filter", "net.ipv4.conf.[?].rp_filter", "net.ipv4.conf.a[.rp_filter",
        "net.ipv4.conf.eth0/1.rp_filter", "net.ipv4.conf.[[].rp_filter"}) {
    CAPTURE(parameter);
    CHECK(parameter_named_in_file(name(name_in_file(name(parameter)))) == name(parameter));
  }
  CHECK(name_in_file(name("net/ipv4/conf/e.?/rp_filter")) == "net.ipv4.conf.e/[?].rp_filter");
}

}  // namespace advisor::persistent_test
