#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <functional>

#include "apply/applier.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "apply/undo.h"
#include "model/write_order.h"
#include "unit/apply/world.h"

// All or nothing, tried at every point: whatever a transaction asks of the world goes wrong once,
// or is the last thing it ever asks. Then the next run recovers.

namespace advisor::testing {

using Values = std::map<std::string, std::string>;

/// What a transaction may change.
struct Visible {
  Values parameters;
  std::optional<std::string> drop_in;
  bool operator==(const Visible&) const = default;
};

inline Visible visible(const SmallWorld& host) {
  const auto drop_in = host.files.files().find(kDropIn);
  if (drop_in == host.files.files().end()) return {host.kernel.values(), {}};
  return {host.kernel.values(), drop_in->second};
}

/// Carries a plan out. True if it was reported as done for good.
using CarryOut = std::function<bool(World&, const Plan&)>;

inline bool as_shipped(World& world, const Plan& plan) {
  const auto outcome = carry_out(world, plan, {"p"});
  return outcome && outcome->transaction.state == TransactionState::kCommitted;
}

inline constexpr std::chrono::seconds kConfirmWithin{60};

inline bool provisionally(World& world, const Plan& plan) {
  (void)carry_out(world, plan, {"p"}, std::nullopt, deadline_after(world.clock, kConfirmWithin));
  return false;
}

/// The order that must never be: parameters first, journal afterwards.
inline bool journal_too_late(World& world, const Plan& plan) {
  Transaction transaction;
  transaction.id = "1";
  transaction.identity = world.identity;
  transaction.plan = plan;
  for (const Change& made : plan.changes) {
    if (!write_and_check(world, made.parameter, made.after)) return false;
  }
  if (!Journal(world.files).save(transaction)) return false;
  if (!put_file(world.files, plan.drop_in->path, plan.drop_in->after)) return false;
  transaction.state = TransactionState::kCommitted;
  return bool(Journal(world.files).save(transaction));
}

/// How a sweep goes wrong at one step.
using Trouble = void (Steps::*)(int);

struct Sweep {
  std::function<void(SmallWorld&)> prepare = [](SmallWorld&) {};
  std::string id = "1";  ///< of the transaction
  std::function<Plan(SmallWorld&)> plan = [](const SmallWorld& h) { return h.plan(); };
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
inline bool stands(SmallWorld& host, const std::string& id) {
  const auto transaction = Journal(host.files).load(id);
  return transaction && (transaction->state == TransactionState::kCommitted ||
                         transaction->state == TransactionState::kProvisional);
}

inline void recover_and_judge(SmallWorld& host, const Visible& before, const Visible& after,
                              const std::string& id, int step, Violations& violations) {
  World next = host.world();
  if (!recover(next)) return violations.add(step, "recovery failed");
  const Visible recovered = visible(host);
  const bool all = recovered == after && stands(host, id);
  const bool nothing = recovered == before && !stands(host, id);
  if (!all && !nothing) violations.add(step, "neither all nor nothing");
  const size_t writes = host.kernel.writes().size();
  const auto again = recover(next);
  if (!again || !again->said.empty() || host.kernel.writes().size() != writes ||
      visible(host) != recovered) {
    violations.add(step, "a second recovery did something");
  }
}

/// Takes back what is committed, in a world in which nothing goes wrong any more.
inline void take_back_and_judge(SmallWorld& host, const Visible& before, const std::string& id,
                                int step, Violations& violations) {
  World next = host.world();
  const auto all = Journal(host.files).all();
  const auto transaction = Journal(host.files).load(id);
  if (!all || !transaction || transaction->state != TransactionState::kCommitted) return;
  const auto rollback = plan_rollback(next, *transaction, *all, false);
  const Result<Outcome> outcome =
      rollback ? carry_out(next, rollback->plan, {}, id) : Result<Outcome>(rollback.error());
  if (!outcome || !outcome->problems.empty()) return violations.add(step, "cannot be taken back");
  if (visible(host) != before) violations.add(step, "taken back, and not as before");
}

/// What the plan comes to where nothing goes wrong; what it does not reach is as before.
inline Visible reached(const Sweep& sweep) {
  SmallWorld host;
  sweep.prepare(host);
  host.steps.thaw();
  World world = host.world();
  sweep.run(world, sweep.plan(host));
  return visible(host);
}

/// The power fails, and the host boots: its parameters are what the drop-in of then makes of them.
inline void reboot(SmallWorld& host, const Sweep& sweep, const Visible& before,
                   const Visible& after) {
  host.files.cut_power(sweep.survivors);
  const bool loads_new = visible(host).drop_in == after.drop_in;
  host.reboot(loads_new ? after.parameters : before.parameters);
}

/// How far the step that goes wrong is from the one that went wrong before; 1 with
/// ADVISOR_FAULTS=all.
inline int stride() {
  const char* wanted = std::getenv("ADVISOR_FAULTS");
  return wanted && wanted == std::string_view("all") ? 1 : 3;
}

/// Runs the transaction as often as it has steps, each time with trouble at another one.
inline Violations swept(const Sweep& sweep, Trouble trouble) {
  Violations violations;
  const Visible after = reached(sweep);
  for (int step = 1;; step += stride()) {
    SmallWorld host;
    sweep.prepare(host);
    host.steps.thaw();
    const Plan plan = sweep.plan(host);
    const Visible before = visible(host);
    host.steps.thaw();
    (host.steps.*trouble)(step);

    World world = host.world();
    const bool reported = sweep.run(world, plan);

    const bool over = host.steps.taken() < step;
    host.steps.thaw();
    if (sweep.reboots) reboot(host, sweep, before, after);
    if (sweep.expires) host.clock.pass(kConfirmWithin);
    recover_and_judge(host, before, after, sweep.id, step, violations);
    if (reported && !stands(host, sweep.id)) violations.add(step, "what was reported is lost");
    if (sweep.expires && visible(host) != before) violations.add(step, "outlived its deadline");
    if (sweep.id == "1" && !sweep.reboots) {
      take_back_and_judge(host, before, sweep.id, step, violations);
    }
    if (over) return violations;
    violations.steps = step;
  }
}

inline void check_clean(const Violations& violations, int least_steps) {
  for (const std::string& sentence : violations.found) FAIL_CHECK(sentence);
  MESSAGE(violations.steps, " points");
  CHECK(violations.steps >= least_steps);
}

inline constexpr Trouble kEveryTrouble[] = {&Steps::fail_at, &Steps::fail_after, &Steps::stop_at,
                                            &Steps::stop_after};

inline constexpr MemoryFiles::Survivors kSurvivors[] = {
    {false, false}, {false, true}, {true, false}, {true, true}};

/// A router in the making: one write moves four other parameters, one of them the other way.
inline void forwards(SmallWorld& host) {
  host.kernel.set("net.ipv4.ip_forward", "0");
  host.kernel.set("net.ipv4.conf.all.accept_redirects", "0");
  for (const char* name : {"all", "default", "eth0"}) {
    const std::string parameter = fmt::format("net.ipv4.conf.{}.forwarding", name);
    host.kernel.set(parameter, "0");
    host.kernel.couple("net.ipv4.ip_forward", parameter);
  }
  host.kernel.couple_opposite("net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects");
}

inline void has_dirty_pair(SmallWorld& host) {
  host.kernel.set("vm.dirty_bytes", "0");
  host.kernel.set("vm.dirty_ratio", "20");
  host.kernel.exclude("vm.dirty_bytes", "vm.dirty_ratio");
}

inline Sweep with_side_effects() {
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

/// Parameters that this kernel holds against each other: two pairs, of which one goes up and one
/// goes down, and one of which it looks at one side only.
inline Sweep with_coupled() {
  Sweep sweep;
  sweep.prepare = [](SmallWorld& host) {
    host.kernel.set("net.ipv4.ip_unprivileged_port_start", "1024");
    host.kernel.set("net.ipv4.ipfrag_low_thresh", "3145728");
    host.kernel.set("net.ipv4.ipfrag_high_thresh", "4194304");
    host.kernel.set("net.ipv4.tcp_reordering", "200");
    host.kernel.set("net.ipv4.tcp_max_reordering", "300");
    host.kernel.keep_below("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_port_range");
    host.kernel.keep_below("net.ipv4.ipfrag_low_thresh", "net.ipv4.ipfrag_high_thresh");
    host.kernel.keep_below("net.ipv4.tcp_reordering", "net.ipv4.tcp_max_reordering", false);
  };
  sweep.plan = [](SmallWorld& host) {
    return Plan{ordered({change("net.ipv4.tcp_max_reordering", "300", "100"),
                         change("net.ipv4.tcp_reordering", "200", "50"),
                         change("net.ipv4.ip_local_port_range", "32768 60999", "500 60999"),
                         change("net.ipv4.ip_unprivileged_port_start", "1024", "400"),
                         change("net.ipv4.ipfrag_low_thresh", "3145728", "6291456"),
                         change("net.ipv4.ipfrag_high_thresh", "4194304", "8388608")},
                        host.catalogue),
                FileChange{kDropIn, "old = text\n", "new = text\n"}};
  };
  return sweep;
}

/// The same, taken back again.
inline Sweep taken_back(const Sweep& there = with_side_effects()) {
  Sweep back;
  back.id = "2";
  back.prepare = [there](SmallWorld& host) {
    there.prepare(host);
    World world = host.world();
    there.run(world, there.plan(host));
  };
  back.plan = [](SmallWorld& host) {
    World world = host.world();
    const auto all = Journal(world.files).all();
    return plan_rollback(world, all->at(0), *all, false)->plan;
  };
  back.run = [](World& world, const Plan& plan) {
    const auto outcome = carry_out(world, plan, {}, "1");
    return outcome && outcome->transaction.state == TransactionState::kCommitted;
  };
  return back;
}

}  // namespace advisor::testing
