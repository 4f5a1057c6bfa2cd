// All or nothing, tried at every point: whatever a transaction asks of the world goes wrong once,
// or is the last thing it ever asks. Then the next run recovers.

#include <doctest/doctest.h>

#include <functional>

#include "apply/applier.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "apply/undo.h"
#include "unit/apply/world.h"

namespace advisor {
namespace {

using testing::change;
using testing::kDropIn;
using testing::SmallWorld;
using testing::Steps;
using Values = std::map<std::string, std::string>;

/// What a transaction may change.
struct Visible {
  Values parameters;
  std::optional<std::string> drop_in;
  bool operator==(const Visible&) const = default;
};

Visible visible(const SmallWorld& host) {
  const auto drop_in = host.files.files().find(kDropIn);
  if (drop_in == host.files.files().end()) return {host.kernel.values(), {}};
  return {host.kernel.values(), drop_in->second};
}

using CarryOut = std::function<void(World&, const Plan&)>;

void as_shipped(World& world, const Plan& plan) {
  (void)carry_out(world, plan, {"p"});
}

constexpr std::chrono::seconds kConfirmWithin{60};

void provisionally(World& world, const Plan& plan) {
  (void)carry_out(world, plan, {"p"}, std::nullopt, deadline_after(world.clock, kConfirmWithin));
}

/// The order that must never be: parameters first, journal afterwards.
void journal_too_late(World& world, const Plan& plan) {
  Transaction transaction;
  transaction.id = "1";
  transaction.identity = world.identity;
  transaction.plan = plan;
  for (const Change& made : plan.changes) {
    if (!write_and_check(world, made.parameter, made.after)) return;
  }
  if (!Journal(world.files).save(transaction)) return;
  if (!put_file(world.files, plan.drop_in->path, plan.drop_in->after)) return;
  transaction.state = TransactionState::kCommitted;
  (void)Journal(world.files).save(transaction);
}

/// How a sweep goes wrong at one step.
using Trouble = void (Steps::*)(int);

struct Sweep {
  std::function<void(SmallWorld&)> prepare = [](SmallWorld&) {};
  std::function<Plan(const SmallWorld&)> plan = [](const SmallWorld& h) { return h.plan(); };
  CarryOut run = as_shipped;
  bool reboots = false;  ///< power loss: the next run is that of another boot
  bool expires = false;  ///< the next run comes after the deadline
};

/// The steps at which the host was left neither as before nor as after, as sentences.
struct Violations {
  std::vector<std::string> found;
  int steps = 0;  ///< how many there were to go wrong

  void add(int step, const char* what) {
    found.push_back("step " + std::to_string(step) + ": " + what);
  }
};

/// Committed, or waiting to be confirmed.
bool stands(SmallWorld& host) {
  const auto transaction = Journal(host.files).load("1");
  return transaction && (transaction->state == TransactionState::kCommitted ||
                         transaction->state == TransactionState::kProvisional);
}

void recover_and_judge(SmallWorld& host, const Visible& before, const Visible& after, int step,
                       Violations& violations) {
  World next = host.world();
  if (!recover(next)) return violations.add(step, "recovery failed");
  const Visible recovered = visible(host);
  const bool all = recovered == after && stands(host);
  const bool nothing = recovered == before && !stands(host);
  if (!all && !nothing) violations.add(step, "neither all nor nothing");
  const size_t writes = host.kernel.writes().size();
  const auto again = recover(next);
  if (!again || !again->empty() || host.kernel.writes().size() != writes ||
      visible(host) != recovered) {
    violations.add(step, "a second recovery did something");
  }
}

/// Runs the transaction as often as it has steps, each time with trouble at another one.
Violations swept(const Sweep& sweep, Trouble trouble) {
  Violations violations;
  for (int step = 1;; ++step) {
    SmallWorld host;
    sweep.prepare(host);
    const Plan plan = sweep.plan(host);
    const Visible before = visible(host);
    Visible after = before;
    for (const Change& made : plan.changes) {
      after.parameters[made.parameter.dotted()] = made.after.text();
    }
    after.drop_in = plan.drop_in->after;
    (host.steps.*trouble)(step);

    World world = host.world();
    sweep.run(world, plan);

    const bool over = host.steps.taken() < step;
    host.steps.thaw();
    if (sweep.reboots) {
      // The boot sets what the drop-in says.
      const bool loads_new = visible(host).drop_in == plan.drop_in->after;
      host.reboot(loads_new ? after.parameters : before.parameters);
    }
    if (sweep.expires) host.clock.pass(kConfirmWithin);
    recover_and_judge(host, before, after, step, violations);
    if (sweep.expires && visible(host) != before) violations.add(step, "outlived its deadline");
    if (over) return violations;
    violations.steps = step;
  }
}

void check_clean(const Violations& violations, int least_steps) {
  for (const std::string& sentence : violations.found) FAIL_CHECK(sentence);
  CHECK(violations.steps >= least_steps);
}

constexpr Trouble kEveryTrouble[] = {&Steps::fail_at, &Steps::fail_after, &Steps::stop_at,
                                     &Steps::stop_after};

}  // namespace

TEST_CASE("sweep: killed before or after any call to the outside, it is all or nothing") {
  check_clean(swept({}, &Steps::stop_at), 15);
  check_clean(swept({}, &Steps::stop_after), 15);
}

TEST_CASE("sweep: with any call failing once, done or not, it is all or nothing") {
  check_clean(swept({}, &Steps::fail_at), 15);
  check_clean(swept({}, &Steps::fail_after), 15);
}

TEST_CASE("sweep: after a power cut at any call and a reboot, it is all or nothing") {
  Sweep sweep;
  sweep.reboots = true;

  check_clean(swept(sweep, &Steps::stop_at), 15);
  check_clean(swept(sweep, &Steps::stop_after), 15);
}

TEST_CASE("sweep: what waits to be confirmed is all or nothing, and nothing past its deadline") {
  Sweep in_time;
  in_time.run = provisionally;
  Sweep too_late = in_time;
  too_late.expires = true;
  Sweep after_power_cut = in_time;
  after_power_cut.reboots = true;

  for (const Trouble trouble : kEveryTrouble) {
    check_clean(swept(in_time, trouble), 15);
    check_clean(swept(too_late, trouble), 15);
    check_clean(swept(after_power_cut, trouble), 15);
  }
}

TEST_CASE("sweep: a refused write on top of any trouble leaves everything as it was") {
  for (const char* refused :
       {"net.core.somaxconn", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_tw_reuse"}) {
    CAPTURE(std::string(refused));
    Sweep sweep;
    sweep.prepare = [&](SmallWorld& host) { host.kernel.refuse(refused); };
    // What is refused cannot have been changed, so nothing of it must be put back.
    for (const Trouble trouble : {&Steps::stop_at, &Steps::stop_after}) {
      check_clean(swept(sweep, trouble), 10);
    }
  }
}

TEST_CASE("sweep: a vector of which a part was taken is put back wherever it is cut off") {
  Sweep sweep;
  sweep.prepare = [](SmallWorld& host) {
    host.kernel.take_part("net.ipv4.ip_local_port_range", 1);
  };

  check_clean(swept(sweep, &Steps::stop_at), 10);
  check_clean(swept(sweep, &Steps::stop_after), 10);
}

TEST_CASE("sweep: a drop-in that is new, or to be removed, is all or nothing too") {
  Sweep created;
  created.prepare = [](SmallWorld& host) { host.files.erase(kDropIn); };
  created.plan = [](const SmallWorld& host) {
    Plan plan = host.plan();
    plan.drop_in->before = std::nullopt;
    return plan;
  };
  Sweep removed;
  removed.plan = [](const SmallWorld& host) {
    Plan plan = host.plan();
    plan.drop_in->after = std::nullopt;
    return plan;
  };

  for (const Trouble trouble : kEveryTrouble) {
    check_clean(swept(created, trouble), 15);
    check_clean(swept(removed, trouble), 15);
  }
}

TEST_CASE("sweep: recovery that is itself cut off anywhere is finished by the next one") {
  for (const Trouble trouble : kEveryTrouble) {
    for (int step = 1; step <= 30; ++step) {
      CAPTURE(step);
      SmallWorld host;
      const Visible before = visible(host);
      // Cut off after the second parameter was written.
      Transaction transaction;
      transaction.id = "1";
      transaction.identity = host.identity;
      transaction.plan = host.plan();
      REQUIRE(Journal(host.files).save(transaction));
      host.kernel.set("net.core.somaxconn", "4096");
      host.kernel.set("net.ipv4.ip_local_port_range", "15000 61000");
      host.steps.thaw();
      (host.steps.*trouble)(step);
      World world = host.world();

      const auto first = recover(world);
      host.steps.thaw();
      const auto second = recover(world);

      const bool stuck = Journal(host.files).load("1")->state == TransactionState::kStuck;
      // A single failure may stick; being cut off never may.
      if (trouble == &Steps::stop_at || trouble == &Steps::stop_after) CHECK_FALSE(stuck);
      if (stuck) {
        CHECK_FALSE(first);
      } else {
        CHECK(second);
        CHECK(visible(host) == before);
      }
    }
  }
}

TEST_CASE("sweep: a journal written after the parameters would be noticed") {
  Sweep sweep;
  sweep.run = journal_too_late;

  const Violations violations = swept(sweep, &Steps::stop_at);

  CHECK_FALSE(violations.found.empty());
}

}  // namespace advisor
