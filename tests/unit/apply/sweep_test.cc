#include "unit/apply/sweep.h"

namespace advisor::sweep_test {

using namespace testing;

TEST_CASE("sweep: what moves along, and the form that a pair had, is all or nothing too") {
  for (Sweep sweep : {with_side_effects(), taken_back()}) {
    for (const Trouble trouble : kEveryTrouble) check_clean(swept(sweep, trouble), 40);
  }
}

TEST_CASE("sweep: what the kernel holds against each other is all or nothing wherever it is cut") {
  for (Sweep sweep : {with_coupled(), taken_back(with_coupled())}) {
    for (const Trouble trouble : kEveryTrouble) check_clean(swept(sweep, trouble), 30);
    sweep.reboots = true;
    for (const Trouble trouble : {&Steps::stop_at, &Steps::stop_after}) {
      check_clean(swept(sweep, trouble), 30);
    }
  }
}

TEST_CASE("sweep: what moves along is all or nothing after a power cut as well") {
  for (Sweep sweep : {with_side_effects(), taken_back()}) {
    sweep.reboots = true;
    for (const MemoryFiles::Survivors survivors : kSurvivors) {
      sweep.survivors = survivors;
      for (const Trouble trouble : {&Steps::stop_at, &Steps::stop_after}) {
        check_clean(swept(sweep, trouble), 40);
      }
    }
  }
}

TEST_CASE("sweep: a disk that syncs nothing any more, from any call on") {
  Sweep provisional;
  provisional.run = provisionally;
  for (const Sweep& sweep : {Sweep(), provisional, with_side_effects(), taken_back()}) {
    check_clean(swept(sweep, &Steps::fail_syncs_from), 15);
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
    // What is refused stays as it was, so it must not be put back.
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

}  // namespace advisor::sweep_test
