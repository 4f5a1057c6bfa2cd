#pragma once

#include <functional>
#include <string>

#include "os/clock.h"

namespace advisor::testing {

/// Time that passes only while somebody sleeps.
class ManualClock : public Clock {
 public:
  /// Called at the end of every sleep: what happens meanwhile.
  std::function<void()> meanwhile = [] {};
  /// By how much longer than asked for a sleep takes.
  double oversleep_seconds = 0;

  double monotonic_seconds() const override { return seconds_; }
  std::string utc() const override { return "2026-11-22T22:01:56Z"; }
  void sleep(std::chrono::milliseconds duration) override {
    seconds_ += double(duration.count()) / 1000 + oversleep_seconds;
    meanwhile();
  }

 private:
  double seconds_ = 1000;
};

}  // namespace advisor::testing
