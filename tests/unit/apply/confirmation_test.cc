#include "apply/confirmation.h"

#include <doctest/doctest.h>

#include "apply/journal.h"
#include "unit/apply/world.h"

namespace advisor::confirmation_test {
namespace {

using testing::change;
using testing::kDropIn;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Applies the plan, to be confirmed within a minute.
void apply_provisionally(SmallWorld& host, const Plan& plan) {
  World world = host.world();
  const auto outcome = carry_out(world, plan, {"p"}, {}, deadline_after(host.clock, seconds(60)));
  REQUIRE(outcome);
  REQUIRE(outcome->transaction.state == TransactionState::kProvisional);
}

Transaction loaded(const SmallWorld& host) {
  auto files = host.files;
  return *Journal(files).load("1");
}

std::vector<std::string> recovered(SmallWorld& host, RecoveryScope scope = {}) {
  World world = host.world();
  const auto recovery = recover(world, scope);
  REQUIRE(recovery);
  return recovery->said;
}

milliseconds left(SmallWorld& host) {
  return time_left(host.world(), loaded(host));
}

const std::vector<std::string> kUndone{
    "transaction 1 was not confirmed by 2026-11-22T22:02:56Z; it was undone"};

}  // namespace

TEST_CASE("confirm: a provisional change stands as planned until its deadline") {
  SmallWorld host;
  apply_provisionally(host, host.plan());

  host.clock.pass(milliseconds(59'999));

  CHECK(recovered(host).empty());
  CHECK(left(host) == milliseconds(1));
  CHECK(host.kernel.value("net.core.somaxconn") == "4096");
  CHECK(host.files.files().at(kDropIn) == "new = text\n");
}

TEST_CASE("confirm: at its deadline everything is put back, and it is said") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());

  host.clock.pass(seconds(60));

  CHECK(recovered(host) == kUndone);
  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
  CHECK(loaded(host).state == TransactionState::kRolledBack);
  CHECK(loaded(host).ended == "2026-11-22T22:02:56Z");
  CHECK(recovered(host).empty());
}

TEST_CASE("confirm: a watchdog that must end puts back what it waits for, and nothing else") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());
  const milliseconds deadline = loaded(host).deadline->since_boot;

  const auto of_another = recovered(host, {.give_up_until = deadline - milliseconds(1)});
  const auto of_this_one = recovered(host, {.give_up_until = deadline + milliseconds(20)});

  CHECK(of_another.empty());
  CHECK(of_this_one ==
        std::vector<std::string>{"transaction 1 was not confirmed before its watchdog was told to "
                                 "end; it was undone"});
  CHECK(host.kernel.values() == before);
  CHECK(loaded(host).state == TransactionState::kRolledBack);
}

TEST_CASE("confirm: what was confirmed stays for good") {
  SmallWorld host;
  apply_provisionally(host, host.plan());
  World world = host.world();
  host.clock.pass(seconds(59));

  REQUIRE(confirm(world, loaded(host)));

  host.clock.pass(seconds(3600));
  CHECK(recovered(host).empty());
  CHECK(host.kernel.value("net.core.somaxconn") == "4096");
  CHECK(loaded(host).state == TransactionState::kCommitted);
  CHECK(loaded(host).ended == "2026-11-22T22:02:55Z");
}

TEST_CASE("confirm: setting the wall clock neither prolongs nor shortens the time") {
  for (const milliseconds by : {milliseconds(-86'400'000), milliseconds(86'400'000)}) {
    SmallWorld host;
    apply_provisionally(host, host.plan());
    host.clock.step_wall(by);

    host.clock.pass(seconds(30));
    CHECK(left(host) == seconds(30));
    CHECK(recovered(host).empty());
    host.clock.pass(seconds(30));

    CHECK(left(host) == seconds(0));
    CHECK(recovered(host) == kUndone);
  }
}

TEST_CASE("confirm: another boot comes too late, however early it is") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());
  host.reboot(before);

  CHECK(left(host) == seconds(0));
  CHECK(recovered(host) == kUndone);
  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("confirm: at boot, before the drop-in is loaded, only the file is put back") {
  SmallWorld host;
  host.kernel.set("net.ipv4.tcp_tw_reuse", "0");
  apply_provisionally(host, {{change("net.ipv4.tcp_tw_reuse", "0", "2")},
                             FileChange{kDropIn, "old = text\n", "new = text\n"}});
  // The kernel's own default, which is what the plan set.
  host.reboot({{"net.ipv4.tcp_tw_reuse", "2"}});

  CHECK(recovered(host, {.at_boot = true}) == kUndone);

  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "2");
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("confirm: in the same boot the deadline counts at_boot as well") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());
  CHECK(recovered(host, {.at_boot = true}).empty());

  host.clock.pass(seconds(60));

  CHECK(recovered(host, {.at_boot = true}) == kUndone);
  CHECK(host.kernel.values() == before);
}

TEST_CASE("confirm: what somebody else changed meanwhile is left at the deadline, and said") {
  SmallWorld host;
  apply_provisionally(host, host.plan());
  host.kernel.set("net.core.somaxconn", "777");
  host.clock.pass(seconds(60));

  const auto said = recovered(host);

  REQUIRE(said.size() == 2);
  CHECK(said[0].find("net.core.somaxconn is 777") != std::string::npos);
  CHECK(host.kernel.value("net.core.somaxconn") == "777");
  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "2");
}

TEST_CASE(
    "confirm: what was not confirmed in another network namespace is left to be undone there") {
  SmallWorld host;
  apply_provisionally(host, host.plan());
  host.identity.network_namespace = "4:2000";
  host.clock.pass(seconds(60));

  World world = host.world();

  const auto recovery = recover(world);

  REQUIRE(recovery);
  CHECK(recovery->said.empty());
  REQUIRE(recovery->open.size() == 1);
  CHECK(recovery->open[0].find("in another network namespace") != std::string::npos);
  CHECK(loaded(host).state == TransactionState::kProvisional);
}

TEST_CASE("confirm: only what can still be confirmed is found") {
  SmallWorld host;
  apply_provisionally(host, host.plan());
  const auto all = Journal(host.files).all();
  REQUIRE(all);

  const Transaction* found = find_provisional(host.world(), *all);
  REQUIRE(found);
  CHECK(found->id == "1");

  host.clock.pass(seconds(60));
  CHECK_FALSE(find_provisional(host.world(), *all));
}

TEST_CASE("confirm: a rollback takes a provisional change back at once, in its own journal") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  World world = host.world();
  const auto rollback = plan_rollback(world, *newest_to_roll_back(*all), *all, false);
  REQUIRE(rollback);

  const Outcome outcome = take_back(world, *rollback);

  CHECK(outcome.problems.empty());
  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
  CHECK(loaded(host).state == TransactionState::kRolledBack);
  CHECK(Journal(host.files).all()->size() == 1);
}

TEST_CASE("confirm: a rollback with --force puts back what somebody else changed as well") {
  SmallWorld host;
  const Values before = host.kernel.values();
  apply_provisionally(host, host.plan());
  host.kernel.set("net.core.somaxconn", "777");
  host.files.put(kDropIn, "edited = yes\n");
  const auto all = Journal(host.files).all();
  World world = host.world();
  const auto rollback = plan_rollback(world, all->front(), *all, /*force=*/true);
  REQUIRE(rollback);

  take_back(world, *rollback);

  CHECK(host.kernel.values() == before);
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("confirm: a rollback that is cut off anywhere is finished at the deadline") {
  for (int step = 1; step <= 12; ++step) {
    CAPTURE(step);
    SmallWorld host;
    const Values before = host.kernel.values();
    apply_provisionally(host, host.plan());
    const auto all = Journal(host.files).all();
    World world = host.world();
    const auto rollback = plan_rollback(world, all->front(), *all, false);
    REQUIRE(rollback);
    host.steps.thaw();
    host.steps.stop_at(step);
    take_back(world, *rollback);
    host.steps.thaw();

    host.clock.pass(seconds(60));
    recovered(host);

    CHECK(host.kernel.values() == before);
    CHECK(host.files.files().at(kDropIn) == "old = text\n");
    CHECK(loaded(host).state == TransactionState::kRolledBack);
  }
}

TEST_CASE("confirm: a refused write ends as everything before, not provisional") {
  SmallWorld host;
  const Values before = host.kernel.values();
  host.kernel.refuse("net.ipv4.tcp_tw_reuse");
  World world = host.world();

  const auto outcome =
      carry_out(world, host.plan(), {}, {}, deadline_after(host.clock, seconds(60)));

  REQUIRE(outcome);
  CHECK(outcome->transaction.state == TransactionState::kRolledBack);
  CHECK(host.kernel.values() == before);
}

TEST_CASE("confirm: the deadline is in the journal before anything changes") {
  SmallWorld host;
  host.kernel.set("net.core.somaxconn", "128");
  World world = host.world();
  std::optional<Deadline> journaled;
  world.step = [&](const std::string& step) {
    if (step.find("writing net.core.somaxconn") == 0) journaled = loaded(host).deadline;
  };

  REQUIRE(carry_out(world, host.plan(), {}, {}, deadline_after(host.clock, seconds(60))));

  CHECK(journaled == Deadline{"2026-11-22T22:02:56Z", milliseconds(5'060'000)});
}

TEST_CASE("confirm: what nobody could put back is refused beforehand") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const auto reasons = [&](const char* name, const char* before, const char* after) {
    return why_irrevocable({{change(name, before, after)}, {}}, catalogue);
  };

  REQUIRE(reasons("kernel.kexec_load_disabled", "0", "1").size() == 1);
  CHECK(reasons("kernel.kexec_load_disabled", "0", "1")[0].find("cannot be taken back") !=
        std::string::npos);
  CHECK(reasons("net.ipv4.tcp_fastopen_key", "", "1-2-3-4").size() == 1);
  CHECK(reasons("net.ipv4.tcp_tw_reuse", "2", "1").empty());
  CHECK(reasons("net.ipv4.ip_local_reserved_ports", "", "8080").empty());
  CHECK(reasons("net.nobody.knows", "0", "1").empty());
}

}  // namespace advisor::confirmation_test
