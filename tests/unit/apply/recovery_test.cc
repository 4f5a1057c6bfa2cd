#include "apply/recovery.h"

#include <doctest/doctest.h>

#include "apply/applier.h"
#include "apply/journal.h"
#include "unit/apply/world.h"

namespace advisor::recovery_test {
namespace {

using testing::change;
using testing::kDropIn;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;

void apply(SmallWorld& host, const Plan& plan) {
  World world = host.world();
  const auto outcome = carry_out(world, plan, {"p"});
  REQUIRE(outcome);
  REQUIRE(outcome->transaction.state == TransactionState::kCommitted);
}

Result<RollbackPlan> planned(SmallWorld& host, const std::string& id, bool force = false) {
  const auto transaction = Journal(host.files).load(id);
  REQUIRE(transaction);
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  return plan_rollback(host.world(), *transaction, *all, force);
}

void roll_back(SmallWorld& host, const std::string& id, bool force = false) {
  const auto rollback = planned(host, id, force);
  REQUIRE(rollback);
  World world = host.world();
  const auto outcome = carry_out(world, rollback->plan, {}, id);
  REQUIRE(outcome);
  REQUIRE(outcome->transaction.state == TransactionState::kCommitted);
}

std::string newest(SmallWorld& host) {
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  const auto transaction = newest_to_roll_back(*all);
  return transaction ? transaction->id : "none";
}

}  // namespace

TEST_CASE("rollback: every value and the file are as they were before") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply(host, host.plan());

  roll_back(host, "1");

  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("rollback: a drop-in that did not exist is gone again") {
  SmallWorld host;
  host.files.erase(kDropIn);
  Plan plan = host.plan();
  plan.drop_in->before = std::nullopt;
  apply(host, plan);

  roll_back(host, "1");

  CHECK_FALSE(host.files.files().contains(kDropIn));
}

TEST_CASE("rollback: what somebody else changed since is left, and said") {
  SmallWorld host;
  apply(host, host.plan());
  host.kernel.set("net.core.somaxconn", "777");
  host.files.put(kDropIn, "edited = yes\n");

  const auto rollback = planned(host, "1");

  REQUIRE(rollback);
  CHECK(rollback->left.size() == 2);
  CHECK(rollback->left[0].find("net.core.somaxconn is 777") != std::string::npos);
  CHECK(rollback->plan.changes ==
        std::vector<Change>{change("net.ipv4.tcp_tw_reuse", "1", "2"),
                            change("net.ipv4.ip_local_port_range", "15000 61000", "32768 60999")});
  CHECK_FALSE(rollback->plan.drop_in);
}

TEST_CASE("rollback: --force puts back what somebody else changed since as well") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply(host, host.plan());
  host.kernel.set("net.core.somaxconn", "777");
  host.files.put(kDropIn, "edited = yes\n");

  roll_back(host, "1", true);

  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("rollback: what somebody put back already needs nothing") {
  SmallWorld host;
  apply(host, host.plan());
  host.kernel.set("net.ipv4.tcp_tw_reuse", "2");
  host.files.put(kDropIn, "old = text\n");

  const auto rollback = planned(host, "1");

  REQUIRE(rollback);
  CHECK(rollback->left.empty());
  CHECK(rollback->plan.changes.size() == 2);
  CHECK_FALSE(rollback->plan.drop_in);
}

TEST_CASE("rollback: after a reboot that loaded the drop-in, values and file are restored") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply(host, host.plan());
  host.reboot(host.kernel.values());

  roll_back(host, "1");

  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("rollback: run-time values that were never to survive are gone after a reboot") {
  SmallWorld host;
  const Values boot = host.kernel.values();
  Plan plan = host.plan();
  plan.drop_in.reset();
  apply(host, plan);
  host.reboot(boot);

  const auto rollback = planned(host, "1");

  REQUIRE(rollback);
  CHECK(rollback->plan.empty());
  CHECK(rollback->left.empty());
  CHECK(rollback->notes.size() == 1);
}

TEST_CASE("rollback: from another network namespace it is refused") {
  SmallWorld host;
  apply(host, host.plan());
  host.identity.network_namespace = "4:2000";

  const auto rollback = planned(host, "1");

  REQUIRE_FALSE(rollback);
  CHECK(rollback.error().kind == ErrorKind::kRejected);
}

TEST_CASE("rollback: a file alone is restored from any network namespace") {
  SmallWorld host;
  Plan plan = host.plan();
  plan.changes.clear();
  apply(host, plan);
  host.identity.network_namespace = "4:2000";

  roll_back(host, "1");

  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("rollback: a parameter that cannot be read any more is an error, not passed over") {
  SmallWorld host;
  apply(host, host.plan());
  host.kernel.make_unreadable("net.core.somaxconn");

  CHECK_FALSE(planned(host, "1"));
}

TEST_CASE("rollback: the newest that still stands is meant") {
  SmallWorld host;
  CHECK(newest(host) == "none");
  apply(host, {{change("net.core.somaxconn", "128", "256")}, {}});
  apply(host, {{change("net.core.somaxconn", "256", "512")}, {}});
  CHECK(newest(host) == "2");

  roll_back(host, "2");
  CHECK(newest(host) == "1");
  roll_back(host, "1");
  CHECK(newest(host) == "none");
  CHECK(host.kernel.value("net.core.somaxconn") == "128");
}

TEST_CASE("rollback: a rollback can be taken back, and then what it undid stands again") {
  SmallWorld host;
  apply(host, host.plan());
  const Values applied = host.kernel.values();
  roll_back(host, "1");

  roll_back(host, "2");

  CHECK(host.kernel.values() == applied);
  CHECK(host.files.files().at(kDropIn) == "new = text\n");
  CHECK(newest(host) == "1");
}

TEST_CASE("rollback: what a later transaction built upon is taken back after that one only") {
  SmallWorld host;
  apply(host, {{change("net.core.somaxconn", "128", "256")}, {}});
  apply(host, {{change("net.core.somaxconn", "256", "512")}, {}});

  const auto too_early = planned(host, "1");

  REQUIRE_FALSE(too_early);
  CHECK(too_early.error().kind == ErrorKind::kRejected);
  CHECK(too_early.error().message.find("rollback 2") != std::string::npos);
  roll_back(host, "2");
  roll_back(host, "1");
  CHECK(host.kernel.value("net.core.somaxconn") == "128");
}

TEST_CASE("rollback: a later transaction on other parameters is not in the way") {
  SmallWorld host;
  apply(host, {{change("net.core.somaxconn", "128", "256")}, {}});
  apply(host, {{change("net.ipv4.tcp_tw_reuse", "2", "1")}, {}});

  roll_back(host, "1");

  CHECK(host.kernel.value("net.core.somaxconn") == "128");
  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "1");
}

TEST_CASE("rollback: what was taken back already is not taken back twice") {
  SmallWorld host;
  apply(host, host.plan());
  roll_back(host, "1");

  CHECK(planned(host, "1").error().kind == ErrorKind::kRejected);
}

TEST_CASE("rollback: a rollback that was refused is no rollback") {
  SmallWorld host;
  apply(host, host.plan());
  const auto rollback = planned(host, "1");
  REQUIRE(rollback);
  host.kernel.refuse("net.core.somaxconn");
  World world = host.world();

  const auto outcome = carry_out(world, rollback->plan, {}, "1");

  REQUIRE(outcome);
  CHECK(outcome->transaction.state == TransactionState::kRolledBack);
  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "1");
  CHECK(newest(host) == "1");
}

}  // namespace advisor::recovery_test
