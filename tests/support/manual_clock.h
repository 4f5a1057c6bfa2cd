#pragma once

#include <ctime>
#include <functional>
#include <string>

#include "os/clock.h"

namespace advisor::testing {

/// Time that passes only while somebody sleeps, or when told to.
class ManualClock : public Clock {
 public:
  /// Called at the end of every sleep: what happens meanwhile.
  std::function<void()> meanwhile = [] {};
  /// By how much longer than asked for a sleep takes.
  double oversleep_seconds = 0;

  void pass(std::chrono::milliseconds duration) {
    since_boot_ += duration;
    wall_ += duration;
    seconds_ += double(duration.count()) / 1000;
  }
  /// Somebody sets the wall clock.
  void step_wall(std::chrono::milliseconds by) { wall_ += by; }
  /// The host is started anew.
  void reboot() { since_boot_ = std::chrono::seconds(20); }

  double monotonic_seconds() const override { return seconds_; }
  std::chrono::milliseconds since_boot() const override { return since_boot_; }
  std::string utc_after(std::chrono::milliseconds duration) const override {
    const time_t then = std::chrono::duration_cast<std::chrono::seconds>(wall_ + duration).count();
    struct tm parts{};
    gmtime_r(&then, &parts);
    char text[32];
    return {text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
  }
  void sleep(std::chrono::milliseconds duration) override {
    pass(duration);
    seconds_ += oversleep_seconds;
    meanwhile();
  }
  void sleep_until(std::chrono::milliseconds since_boot) override {
    if (since_boot > since_boot_) sleep(since_boot - since_boot_);
  }

 private:
  double seconds_ = 1000;
  std::chrono::milliseconds since_boot_{5'000'000};
  std::chrono::milliseconds wall_{1'795'384'916'000};  // 2026-11-22T22:01:56Z
};

}  // namespace advisor::testing
