#include "apply/confinement.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "apply/affected.h"
#include "unit/apply/world.h"

namespace advisor::confinement_test {
namespace {

bool holds(const std::vector<std::string>& paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

Plan plan_of(const char* name, const char* before, const char* after) {
  Plan plan;
  plan.changes = {
      {*ParameterName::parse(name), ParameterValue(before), ParameterValue(after), "r"}};
  return plan;
}

}  // namespace

TEST_CASE("confinement: the planned parameters, the drop-in's directory and the state, no more") {
  testing::SmallWorld host;

  const SandboxRules rules = *writable_for(host.world(), {host.plan()}, "");

  CHECK(rules.files.size() == host.plan().changes.size());
  CHECK(holds(rules.files, "/proc/sys/net/core/somaxconn"));
  CHECK_FALSE(holds(rules.files, "/proc/sys/net/ipv4/tcp_fin_timeout"));
  CHECK(rules.directories == std::vector<std::string>{"/etc/sysctl.d"});
  CHECK(rules.trees == std::vector<std::string>{"/var/lib/sysctl-advisor"});
}

TEST_CASE("confinement: all that may have to be put right with a plan can be written") {
  testing::SmallWorld host;
  for (const char* name :
       {"net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net.ipv4.conf.default.forwarding",
        "net.ipv4.conf.lo.forwarding", "net.ipv4.conf.all.accept_redirects",
        "net.ipv4.conf.lo.accept_redirects", "vm.dirty_bytes", "vm.dirty_ratio"}) {
    host.kernel.set(name, "1");
  }
  host.kernel.set("vm.dirty_bytes", "0");

  for (const Plan& plan :
       {plan_of("net.ipv4.ip_forward", "1", "0"), plan_of("net.ipv4.conf.all.forwarding", "1", "0"),
        plan_of("vm.dirty_ratio", "1", "20")}) {
    const World world = host.world();
    const auto affected = read_affected(world, plan);
    const SandboxRules rules = *writable_for(world, {plan}, "");

    REQUIRE(affected);
    CHECK_FALSE(affected->empty());
    for (const Affected& one : *affected) {
      CAPTURE(std::string(one.parameter.dotted()));
      CHECK(holds(rules.files, "/proc/sys/" + one.parameter.path()));
    }
  }
}

TEST_CASE("confinement: below another root it is that tree") {
  testing::SmallWorld host;

  const SandboxRules rules = *writable_for(host.world(), {host.plan()}, "/tree");

  CHECK(holds(rules.files, "/tree/proc/sys/net/core/somaxconn"));
  CHECK(rules.trees == std::vector<std::string>{"/tree/var/lib/sysctl-advisor"});
}

TEST_CASE("confinement: a sandbox in which something could not be put back is not entered") {
  testing::SmallWorld host;
  host.kernel.set("net.ipv4.ip_forward", "0");
  host.kernel.make_unlistable();

  CHECK_FALSE(writable_for(host.world(), {plan_of("net.ipv4.ip_forward", "0", "1")}, ""));
}

}  // namespace advisor::confinement_test
