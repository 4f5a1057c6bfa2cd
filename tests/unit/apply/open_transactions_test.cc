#include <doctest/doctest.h>

#include "apply/applier.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "unit/apply/world.h"

namespace advisor::open_transactions_test {
namespace {

using testing::kDropIn;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;

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

/// A transaction that was cut off, and of which one parameter cannot be put back.
void get_stuck(SmallWorld& host) {
  cut_off(host, 1);
  host.kernel.refuse("net.core.somaxconn");
  World world = host.world();
  REQUIRE_FALSE(recover(world));
}

/// Of something else than what cut_off() changes.
Plan another_plan() {
  Plan plan;
  plan.changes = {testing::change("net.ipv4.tcp_fin_timeout", "60", "30")};
  return plan;
}

}  // namespace

TEST_CASE("recovery: a transaction that was cut off is undone, and it is said") {
  for (size_t written = 0; written <= 3; ++written) {
    CAPTURE(written);
    SmallWorld host;
    const Values before = host.kernel.values();
    cut_off(host, written);
    World world = host.world();

    const auto said = recover(world);

    REQUIRE(said);
    CHECK(said->said == std::vector<std::string>{"transaction 1 had been cut off; it was undone"});
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

    CHECK(recover(world)->said.empty());
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
  CHECK(said->said.empty());
  REQUIRE(said->open.size() == 1);
  CHECK(said->open.at(0).find("another network namespace") != std::string::npos);
  CHECK(host.kernel.values() == before);
  CHECK(Journal(host.files).load("1")->state == TransactionState::kPrepared);
}

TEST_CASE("recovery: a cookie that one side does not know makes no other network namespace") {
  for (const auto& [journaled, now] : {std::pair{"4:0", "4:1000"}, std::pair{"4:1000", "4:0"}}) {
    SmallWorld host;
    const Values before = host.kernel.values();
    host.identity.network_namespace = journaled;
    cut_off(host, 2);
    host.identity.network_namespace = now;
    World world = host.world();

    const auto recovery = recover(world);

    REQUIRE(recovery);
    CHECK(recovery->open.empty());
    CHECK(host.kernel.values() == before);
  }
}

TEST_CASE("recovery: in any network namespace it is undone here if a person says so") {
  SmallWorld host;
  const Values before = host.kernel.values();
  cut_off(host, 2);
  host.identity.network_namespace = "5:2000";
  World world = host.world();

  const auto recovery = recover(world, {.any_namespace = true});

  REQUIRE(recovery);
  CHECK(recovery->open.empty());
  CHECK(recovery->said.size() == 1);
  CHECK(host.kernel.values() == before);
  CHECK(Journal(host.files).load("1")->state == TransactionState::kRolledBack);
}

TEST_CASE("recovery: undoing that could not be journaled is told as not finished, and goes on") {
  SmallWorld host;
  const Values before = host.kernel.values();
  cut_off(host, 2);
  host.steps.thaw();
  host.steps.fail_syncs_from(1);
  World world = host.world();

  const auto first = recover(world);
  host.steps.thaw();
  const auto second = recover(world);

  REQUIRE_FALSE(first);
  CHECK(first.error().kind == ErrorKind::kStuck);
  CHECK(first.error().message.find("`sysctl-advisor recover` goes on") != std::string::npos);
  CHECK(second);
  CHECK(host.kernel.values() == before);
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
}

TEST_CASE("recovery: what is stuck is tried again when that is asked for, and then undone") {
  SmallWorld host;
  get_stuck(host);
  World world = host.world();
  host.kernel.accept("net.core.somaxconn");

  const auto left = recover(world);
  const auto again = recover(world, {.at_boot = false, .stuck_again = true});

  CHECK((left && left->said.empty()));
  REQUIRE(again);
  CHECK(again->said ==
        std::vector<std::string>{"transaction 1 could not be put back; it was undone"});
  CHECK(host.kernel.value("net.core.somaxconn") == "128");
  CHECK(Journal(host.files).load("1")->state == TransactionState::kRolledBack);
}

TEST_CASE("recovery: what is stuck below a later transaction is named until it is taken back") {
  SmallWorld host;
  get_stuck(host);
  World world = host.world();
  REQUIRE(carry_out(world, another_plan(), {"p"}));
  const RecoveryScope by_hand{.at_boot = false, .stuck_again = true};

  const auto named = recover(world, by_hand);
  host.kernel.accept("net.core.somaxconn");
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  const auto rollback = plan_rollback(world, *Journal(host.files).load("1"), *all, false);
  REQUIRE(rollback);
  REQUIRE(carry_out(world, rollback->plan, {}, "1"));
  const auto afterwards = recover(world, by_hand);

  REQUIRE(named);
  REQUIRE(named->open.size() == 1);
  CHECK(named->open[0].find("`sysctl-advisor rollback 1`") != std::string::npos);
  CHECK((afterwards && afterwards->open.empty()));
  CHECK(host.kernel.value("net.core.somaxconn") == "128");
}

TEST_CASE("recovery: nothing is left of what was stuck once it was set right, or by a reboot") {
  for (const bool reboot : {false, true}) {
    SmallWorld host;
    get_stuck(host);
    World world = host.world();
    REQUIRE(carry_out(world, another_plan(), {"p"}));
    host.kernel.accept("net.core.somaxconn");
    if (reboot) host.identity.boot_id = "another boot";
    if (!reboot) host.kernel.set("net.core.somaxconn", "128");
    World later = host.world();

    const auto recovery = recover(later, {.at_boot = false, .stuck_again = true});

    CHECK((recovery && recovery->open.empty()));
  }
}

TEST_CASE("recovery: what somebody else changed since is left, and said") {
  SmallWorld host;
  cut_off(host, 1);
  host.kernel.set("net.core.somaxconn", "777");
  World world = host.world();

  const auto said = recover(world);

  REQUIRE(said);
  REQUIRE(said->said.size() == 2);
  CHECK(said->said.at(0).find("net.core.somaxconn is 777") != std::string::npos);
  CHECK(host.kernel.value("net.core.somaxconn") == "777");
}

TEST_CASE("recovery: a damaged journal stops it before anything is touched") {
  SmallWorld host;
  cut_off(host, 1);
  host.files.put(transaction_directory("2") + "/journal.json", "{");
  World world = host.world();

  const auto said = recover(world);

  REQUIRE_FALSE(said);
  CHECK(said.error().kind == ErrorKind::kCorrupt);
  CHECK(host.kernel.writes().empty());
}

}  // namespace advisor::open_transactions_test
