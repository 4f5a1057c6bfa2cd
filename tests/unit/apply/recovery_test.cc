#include "apply/recovery.h"

#include <doctest/doctest.h>

#include "apply/applier.h"
#include "apply/journal.h"
#include "unit/apply/world.h"

namespace advisor {
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

/// A transaction that was cut off after `written` of its parameters.
void cut_off(SmallWorld& host, size_t written) {
  Transaction transaction;
  transaction.id = "1";
  transaction.identity = host.identity;
  transaction.plan = host.plan();
  REQUIRE(Journal(host.files).save(transaction));
  for (size_t i = 0; i < written; ++i) {
    const Change& made = transaction.plan.changes[i];
    host.kernel.set(std::string(made.parameter.dotted()), made.after.text());
  }
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

TEST_CASE("recovery: a transaction that was cut off is undone, and it is said") {
  for (size_t written = 0; written <= 3; ++written) {
    CAPTURE(written);
    SmallWorld host;
    const Values before = host.kernel.values();
    cut_off(host, written);
    World world = host.world();

    const auto said = recover(world);

    REQUIRE(said);
    CHECK(*said == std::vector<std::string>{"transaction 1 had been cut off; it was undone"});
    CHECK(host.kernel.values() == before);
    CHECK(Journal(host.files).load("1")->state == TransactionState::kRolledBack);
  }
}

TEST_CASE("recovery: what is committed, rolled back or stuck is left alone") {
  for (const TransactionState state :
       {TransactionState::kCommitted, TransactionState::kRolledBack, TransactionState::kStuck}) {
    SmallWorld host;
    cut_off(host, 2);
    Transaction transaction = *Journal(host.files).load("1");
    transaction.state = state;
    REQUIRE(Journal(host.files).save(transaction));
    World world = host.world();

    CHECK(recover(world)->empty());
    CHECK(host.kernel.writes().empty());
  }
}

TEST_CASE("recovery: after a reboot that loaded the drop-in, values and file are put back") {
  SmallWorld host;
  const Values before = host.kernel.values();
  cut_off(host, 3);
  host.files.put(kDropIn, "new = text\n");
  host.reboot(host.kernel.values());
  World world = host.world();

  REQUIRE(recover(world));

  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("recovery: after a reboot before the drop-in was written there is nothing to put back") {
  SmallWorld host;
  cut_off(host, 0);
  host.reboot(host.kernel.values());
  World world = host.world();

  REQUIRE(recover(world));

  CHECK(host.kernel.writes().empty());
  CHECK(Journal(host.files).load("1")->state == TransactionState::kRolledBack);
}

TEST_CASE("recovery: a transaction of another network namespace is left to be undone there") {
  SmallWorld host;
  cut_off(host, 1);
  const Values before = host.kernel.values();
  host.identity.network_namespace = "4:2000";
  World world = host.world();

  const auto said = recover(world);

  REQUIRE(said);
  REQUIRE(said->size() == 1);
  CHECK(said->at(0).find("another network namespace") != std::string::npos);
  CHECK(host.kernel.values() == before);
  CHECK(Journal(host.files).load("1")->state == TransactionState::kPrepared);
}

TEST_CASE("recovery: what cannot be put back is stuck, and the command is said") {
  SmallWorld host;
  cut_off(host, 1);
  host.kernel.refuse("net.core.somaxconn");
  World world = host.world();

  const auto said = recover(world);

  REQUIRE_FALSE(said);
  CHECK(said.error().kind == ErrorKind::kStuck);
  CHECK(said.error().message.find("sysctl -w net.core.somaxconn='128'") != std::string::npos);
  CHECK(Journal(host.files).load("1")->state == TransactionState::kStuck);
  CHECK(newest(host) == "1");
}

TEST_CASE("recovery: what is stuck is tried again when that is asked for, and then undone") {
  SmallWorld host;
  cut_off(host, 1);
  host.kernel.refuse("net.core.somaxconn");
  World world = host.world();
  REQUIRE_FALSE(recover(world));
  host.kernel.accept("net.core.somaxconn");

  const auto left = recover(world);
  const auto again = recover(world, {.at_boot = false, .stuck_again = true});

  CHECK((left && left->empty()));
  REQUIRE(again);
  CHECK(*again == std::vector<std::string>{"transaction 1 could not be put back; it was undone"});
  CHECK(host.kernel.value("net.core.somaxconn") == "128");
  CHECK(Journal(host.files).load("1")->state == TransactionState::kRolledBack);
}

TEST_CASE("recovery: what somebody else changed since is left, and said") {
  SmallWorld host;
  cut_off(host, 1);
  host.kernel.set("net.core.somaxconn", "777");
  World world = host.world();

  const auto said = recover(world);

  REQUIRE(said);
  REQUIRE(said->size() == 2);
  CHECK(said->at(0).find("net.core.somaxconn is 777") != std::string::npos);
  CHECK(host.kernel.value("net.core.somaxconn") == "777");
}

TEST_CASE("recovery: a damaged journal stops it before anything is touched") {
  SmallWorld host;
  cut_off(host, 1);
  host.files.put(Journal::directory("2") + "/journal.json", "{");
  World world = host.world();

  const auto said = recover(world);

  REQUIRE_FALSE(said);
  CHECK(said.error().kind == ErrorKind::kCorrupt);
  CHECK(host.kernel.writes().empty());
}

}  // namespace advisor
