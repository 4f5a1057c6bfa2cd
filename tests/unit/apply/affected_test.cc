#include "apply/affected.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "apply/applier.h"
#include "apply/journal.h"
#include "apply/progress.h"
#include "apply/recovery.h"
#include "unit/apply/world.h"

namespace advisor::affected_test {
namespace {

using testing::change;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;

struct Router : SmallWorld {
  Router() {
    kernel.set("net.ipv4.ip_forward", "0");
    kernel.set("net.ipv4.conf.all.accept_redirects", "0");
    for (const char* name : {"all", "default", "eth0"}) {
      const std::string parameter = "net.ipv4.conf." + std::string(name) + ".forwarding";
      kernel.set(parameter, "0");
      kernel.couple("net.ipv4.ip_forward", parameter);
    }
    kernel.couple_opposite("net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects");
    kernel.set("vm.dirty_bytes", "0");
    kernel.set("vm.dirty_ratio", "20");
    kernel.exclude("vm.dirty_bytes", "vm.dirty_ratio");
  }
};

Outcome apply(SmallWorld& host, std::vector<Change> changes) {
  World world = host.world();
  const auto outcome = carry_out(world, {std::move(changes), {}}, {"p"});
  REQUIRE(outcome);
  return *outcome;
}

RollbackPlan planned(SmallWorld& host, const std::string& id, bool force = false) {
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  const auto rollback = plan_rollback(host.world(), *Journal(host.files).load(id), *all, force);
  REQUIRE(rollback);
  return *rollback;
}

void roll_back(SmallWorld& host, const std::string& id, bool force = false) {
  World world = host.world();
  const auto outcome = carry_out(world, planned(host, id, force).plan, {}, id);
  REQUIRE(outcome);
  for (const std::string& problem : outcome->problems) FAIL_CHECK(problem);
}

}  // namespace

TEST_CASE("affected: where what moves along cannot be listed, nothing is changed") {
  Router host;
  host.kernel.make_unlistable();
  const Values before = host.kernel.values();
  World world = host.world();

  const auto outcome = carry_out(world, {{change("net.ipv4.ip_forward", "0", "1")}, {}}, {"p"});

  CHECK_FALSE(outcome);
  CHECK(host.kernel.writes().empty());
  CHECK(host.kernel.values() == before);
}

TEST_CASE("moved along: what moved is in the journal, with what stood before") {
  Router host;

  const Outcome outcome = apply(host, {change("net.ipv4.ip_forward", "0", "1")});

  const auto journal = Journal(host.files).load("1");
  REQUIRE(journal);
  CHECK(journal->plan.affected.size() == 4);
  CHECK(outcome.transaction.plan == journal->plan);
  CHECK(std::ranges::count_if(journal->plan.affected, &Affected::moved) == 3);
}

TEST_CASE("moved along: what would move is durable before anything is written") {
  Router host;
  World world = host.world();
  size_t known = 0;
  world.step = [&](const std::string& what) {
    if (!what.starts_with("writing net")) return;
    host.steps.thaw();
    known = Journal(host.files).load("1")->plan.affected.size();
  };

  REQUIRE(carry_out(world, {{change("net.ipv4.ip_forward", "0", "1")}, {}}, {}));

  CHECK(known == 4);
}

TEST_CASE("moved along: rollback of ip_forward puts accept_redirects back, which only it moves") {
  Router host;
  const Values before = host.kernel.values();
  apply(host, {change("net.ipv4.ip_forward", "0", "1")});

  roll_back(host, "1");
  CHECK(host.kernel.values() == before);

  roll_back(host, "2");
  CHECK(host.kernel.value("net.ipv4.ip_forward") == "1");
  CHECK(host.kernel.value("net.ipv4.conf.eth0.forwarding") == "1");
  CHECK(host.kernel.value("net.ipv4.conf.all.accept_redirects") == "0");
}

TEST_CASE("moved along: an interface that somebody else set since is left, and told") {
  Router host;
  apply(host, {change("net.ipv4.ip_forward", "0", "1")});
  host.kernel.set("net.ipv4.conf.all.accept_redirects", "1");
  host.kernel.set("net.ipv4.conf.eth0.forwarding", "2");

  const RollbackPlan rollback = planned(host, "1");
  roll_back(host, "1");

  CHECK(rollback.left.size() == 1);
  CHECK(host.kernel.value("net.ipv4.conf.eth0.forwarding") == "2");
  CHECK(host.kernel.value("net.ipv4.conf.all.accept_redirects") == "1");
  CHECK(host.kernel.value("net.ipv4.ip_forward") == "0");
}

TEST_CASE("moved along: a default reaches interfaces, and is taken back from them") {
  SmallWorld host;
  for (const char* name : {"all", "default", "eth0"}) {
    host.kernel.set("net.ipv4.conf." + std::string(name) + ".rp_filter", "0");
  }
  host.kernel.couple("net.ipv4.conf.default.rp_filter", "net.ipv4.conf.eth0.rp_filter");
  const Values before = host.kernel.values();

  apply(host, {change("net.ipv4.conf.default.rp_filter", "0", "2")});
  CHECK(host.kernel.value("net.ipv4.conf.eth0.rp_filter") == "2");
  roll_back(host, "1");

  CHECK(host.kernel.values() == before);
}

TEST_CASE("pairs: the form that was set is set again, and never a 0 written, in both directions") {
  for (const auto& [changed, from, to] :
       {std::tuple{"vm.dirty_bytes", "0", "100000000"}, std::tuple{"vm.dirty_ratio", "20", "10"}}) {
    Router host;
    const Values before = host.kernel.values();
    apply(host, {change(changed, from, to)});
    const Values applied = host.kernel.values();

    roll_back(host, "1");
    CHECK(host.kernel.values() == before);
    roll_back(host, "2");
    CHECK(host.kernel.values() == applied);
    roll_back(host, "3", true);
    CHECK(host.kernel.values() == before);
    for (const auto& [name, value] : host.kernel.writes()) CHECK(value != "0");
  }
}

TEST_CASE("pairs: rollback.conf sets the form that was set") {
  Router host;
  apply(host, {change("vm.dirty_bytes", "0", "100000000")});

  const std::string text = host.files.files().at(transaction_directory("1") + "/rollback.conf");

  CHECK(text.ends_with("\nvm.dirty_ratio = 20\n"));
  CHECK(text.find("dirty_bytes") == std::string::npos);
}

TEST_CASE("pairs: what somebody else set in the other form since stays") {
  Router host;
  apply(host, {change("vm.dirty_bytes", "0", "100000000")});
  host.kernel.set("vm.dirty_bytes", "200000000");

  const RollbackPlan rollback = planned(host, "1");

  CHECK(rollback.left.size() == 1);
  CHECK(rollback.plan.empty());
}

TEST_CASE("pairs: two forms that are both 0 are not touched, since that cannot be brought back") {
  Router host;
  host.kernel.set("vm.dirty_ratio", "0");
  World world = host.world();

  const auto outcome = carry_out(world, {{change("vm.dirty_bytes", "0", "100000000")}, {}}, {});

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kRejected);
  CHECK(host.kernel.writes().empty());
}

TEST_CASE("rollback: a parameter that is gone is told and left, and the others are taken back") {
  SmallWorld host;
  apply(host,
        {change("net.core.somaxconn", "128", "4096"), change("net.ipv4.tcp_tw_reuse", "2", "1")});
  host.kernel.erase("net.core.somaxconn");

  roll_back(host, "1");

  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "2");
  const auto journal = Journal(host.files).load("2");
  REQUIRE(journal);
  REQUIRE(journal->plan.left.size() == 1);
  CHECK(journal->plan.left[0].starts_with("net.core.somaxconn is not there any more"));
}

TEST_CASE("apply: a parameter that this namespace cannot change is refused before anything is") {
  SmallWorld host;
  host.kernel.make_read_only("net.ipv4.tcp_tw_reuse");
  World world = host.world();

  const auto outcome = carry_out(world, host.plan(), {});

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kRejected);
  CHECK(host.kernel.writes().empty());
}

TEST_CASE("apply: a value that names a module which is not there says how to get it") {
  SmallWorld host;
  host.kernel.set("net.ipv4.tcp_congestion_control", "cubic");
  host.kernel.lack_value_of("net.ipv4.tcp_congestion_control");

  const Outcome outcome = apply(host, {change("net.ipv4.tcp_congestion_control", "cubic", "bbr")});

  CHECK(outcome.transaction.state == TransactionState::kRolledBack);
  CHECK(outcome.problems.at(0).find("`modprobe tcp_bbr`") != std::string::npos);
}

TEST_CASE("recovery: a clamped number is told from what somebody else set where that can be") {
  const auto recovered = [](const char* now, bool begun) {
    SmallWorld host;
    Transaction transaction;
    transaction.id = "1";
    transaction.identity = host.identity;
    transaction.plan = host.plan();
    REQUIRE(Journal(host.files).save(transaction));
    if (begun) {
      host.files.put(Progress::path("1"), "write net.core.somaxconn\n");
    }
    host.kernel.set("net.core.somaxconn", now);
    World world = host.world();
    REQUIRE(recover(world));
    return host.kernel.value("net.core.somaxconn");
  };

  CHECK(recovered("1024", true) == "128");    // between 128 and 4096: as a limit leaves it
  CHECK(recovered("1024", false) == "1024");  // never written by us
  CHECK(recovered("5000", true) == "5000");   // no limit makes this of 4096
}

}  // namespace advisor::affected_test
