// All or nothing, tried at every point: whatever a transaction asks of the world goes wrong once,
// or is the last thing it ever asks. Then the next run recovers.

#include <doctest/doctest.h>
#include <fmt/format.h>

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
using testing::MemoryFiles;
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
  std::string id = "1";  ///< of the transaction
  std::function<Plan(const SmallWorld&)> plan = [](const SmallWorld& h) { return h.plan(); };
  CarryOut run = as_shipped;
  bool reboots = false;                   ///< power loss: the next run is that of another boot
  MemoryFiles::Survivors survivors = {};  ///< what the power loss leaves of the unsynced
  bool expires = false;                   ///< the next run comes after the deadline
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
bool stands(SmallWorld& host, const std::string& id) {
  const auto transaction = Journal(host.files).load(id);
  return transaction && (transaction->state == TransactionState::kCommitted ||
                         transaction->state == TransactionState::kProvisional);
}

void recover_and_judge(SmallWorld& host, const Visible& before, const Visible& after,
                       const std::string& id, int step, Violations& violations) {
  World next = host.world();
  if (!recover(next)) return violations.add(step, "recovery failed");
  const Visible recovered = visible(host);
  const bool all = recovered == after && stands(host, id);
  const bool nothing = recovered == before && !stands(host, id);
  if (!all && !nothing) violations.add(step, "neither all nor nothing");
  const size_t writes = host.kernel.writes().size();
  const auto again = recover(next);
  if (!again || !again->empty() || host.kernel.writes().size() != writes ||
      visible(host) != recovered) {
    violations.add(step, "a second recovery did something");
  }
}

/// What the plan comes to where nothing goes wrong; what it does not reach is as before.
Visible reached(const Sweep& sweep) {
  SmallWorld host;
  sweep.prepare(host);
  host.steps.thaw();
  World world = host.world();
  sweep.run(world, sweep.plan(host));
  return visible(host);
}

/// The power fails, and the host boots: its parameters are as they were when it last booted, then
/// our drop-in is loaded.
void reboot(SmallWorld& host, const Sweep& sweep, const Plan& plan, const Visible& before) {
  host.files.cut_power(sweep.survivors);
  host.reboot(before.parameters);
  if (visible(host).drop_in != plan.drop_in->after) return;
  for (const Change& made : plan.changes) (void)host.kernel.write(made.parameter, made.after);
}

int points = 0;  ///< tried by all sweeps so far

/// Runs the transaction as often as it has steps, each time with trouble at another one.
Violations swept(const Sweep& sweep, Trouble trouble) {
  Violations violations;
  const Visible after = reached(sweep);
  for (int step = 1;; ++step) {
    SmallWorld host;
    sweep.prepare(host);
    host.steps.thaw();
    const Plan plan = sweep.plan(host);
    const Visible before = visible(host);
    host.steps.thaw();
    (host.steps.*trouble)(step);

    World world = host.world();
    sweep.run(world, plan);

    const bool over = host.steps.taken() < step;
    host.steps.thaw();
    if (sweep.reboots) reboot(host, sweep, plan, before);
    if (sweep.expires) host.clock.pass(kConfirmWithin);
    recover_and_judge(host, before, after, sweep.id, step, violations);
    if (sweep.expires && visible(host) != before) violations.add(step, "outlived its deadline");
    if (over) return violations;
    violations.steps = step;
    ++points;
  }
}

void check_clean(const Violations& violations, int least_steps) {
  for (const std::string& sentence : violations.found) FAIL_CHECK(sentence);
  CHECK(violations.steps >= least_steps);
}

constexpr Trouble kEveryTrouble[] = {&Steps::fail_at, &Steps::fail_after, &Steps::stop_at,
                                     &Steps::stop_after};

constexpr MemoryFiles::Survivors kSurvivors[] = {
    {false, false}, {false, true}, {true, false}, {true, true}};

/// A router in the making: one write moves four other parameters, one of them the other way.
void forwards(SmallWorld& host) {
  host.kernel.set("net.ipv4.ip_forward", "0");
  host.kernel.set("net.ipv4.conf.all.accept_redirects", "0");
  for (const char* name : {"all", "default", "eth0"}) {
    const std::string parameter = fmt::format("net.ipv4.conf.{}.forwarding", name);
    host.kernel.set(parameter, "0");
    host.kernel.couple("net.ipv4.ip_forward", parameter);
  }
  host.kernel.couple_opposite("net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects");
}

void has_dirty_pair(SmallWorld& host) {
  host.kernel.set("vm.dirty_bytes", "0");
  host.kernel.set("vm.dirty_ratio", "20");
  host.kernel.exclude("vm.dirty_bytes", "vm.dirty_ratio");
}

Sweep with_side_effects() {
  Sweep sweep;
  sweep.prepare = [](SmallWorld& host) {
    forwards(host);
    has_dirty_pair(host);
  };
  sweep.plan = [](const SmallWorld&) {
    return Plan{
        {change("net.ipv4.ip_forward", "0", "1"), change("vm.dirty_bytes", "0", "100000000"),
         change("net.ipv4.tcp_tw_reuse", "2", "1")},
        FileChange{kDropIn, "old = text\n", "new = text\n"}};
  };
  return sweep;
}

/// The same, taken back again.
Sweep taken_back() {
  const Sweep there = with_side_effects();
  Sweep back;
  back.id = "2";
  back.prepare = [there](SmallWorld& host) {
    there.prepare(host);
    World world = host.world();
    there.run(world, there.plan(host));
  };
  back.plan = [](const SmallWorld& host) {
    World world = const_cast<SmallWorld&>(host).world();
    const auto all = Journal(world.files).all();
    return plan_rollback(world, all->at(0), *all, false)->plan;
  };
  back.run = [](World& world, const Plan& plan) { (void)carry_out(world, plan, {}, "1"); };
  return back;
}

}  // namespace

TEST_CASE("sweep: what moves along, and the form that a pair had, is all or nothing too") {
  for (Sweep sweep : {with_side_effects(), taken_back()}) {
    for (const Trouble trouble : kEveryTrouble) check_clean(swept(sweep, trouble), 40);
  }
}

TEST_CASE("sweep: what moves along is all or nothing after a power cut as well") {
  Sweep sweep = with_side_effects();
  sweep.reboots = true;
  for (const MemoryFiles::Survivors survivors : kSurvivors) {
    sweep.survivors = survivors;
    for (const Trouble trouble : {&Steps::stop_at, &Steps::stop_after}) {
      check_clean(swept(sweep, trouble), 40);
    }
  }
}

TEST_CASE("sweep: each write refused, clamped or taken in part, and killed or cut off anywhere") {
  const std::function<void(SmallWorld&)> troubles[] = {
      [](SmallWorld& host) { host.kernel.refuse_write(1); },
      [](SmallWorld& host) { host.kernel.refuse_write(2); },
      [](SmallWorld& host) { host.kernel.refuse_write(3); },
      [](SmallWorld& host) { host.kernel.clamp("net.core.somaxconn", 0, 1024); },
      [](SmallWorld& host) { host.kernel.clamp("net.ipv4.tcp_fin_timeout", 50, 70); },
      [](SmallWorld& host) { host.kernel.take_part("net.ipv4.ip_local_port_range", 1); }};
  for (const auto& prepare : troubles) {
    Sweep sweep;
    sweep.prepare = prepare;
    sweep.plan = [](const SmallWorld& host) {
      Plan plan = host.plan();
      plan.changes.push_back(change("net.ipv4.tcp_fin_timeout", "60", "30"));
      return plan;
    };
    for (const Trouble trouble : {&Steps::stop_at, &Steps::stop_after}) {
      sweep.reboots = false;
      check_clean(swept(sweep, trouble), 20);
      sweep.reboots = true;
      check_clean(swept(sweep, trouble), 20);
    }
  }
}

TEST_CASE("sweep: a store that forgets to sync would be noticed") {
  const auto violations = [](void (MemoryFiles::*forget)(), MemoryFiles::Survivors survivors) {
    Sweep sweep;
    sweep.reboots = true;
    sweep.survivors = survivors;
    sweep.prepare = [forget](SmallWorld& host) { (host.files.*forget)(); };
    return swept(sweep, &Steps::stop_after).found.size();
  };

  CHECK(violations(&MemoryFiles::forget_sync_of_bytes, {false, true}) > 0);
  CHECK(violations(&MemoryFiles::forget_sync_of_names, {true, false}) > 0);
}

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

  for (const MemoryFiles::Survivors survivors : kSurvivors) {
    sweep.survivors = survivors;
    check_clean(swept(sweep, &Steps::stop_at), 30);
    check_clean(swept(sweep, &Steps::stop_after), 30);
  }
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
    for (int step = 1; step <= 60; ++step) {
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

TEST_CASE("sweep: the number of points is told") {
  MESSAGE(points, " points were tried");
}

}  // namespace advisor
