#pragma once

#include <chrono>
#include <string>

namespace advisor {

/// Time, so that tests can own it.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds that only grow.
  virtual double monotonic_seconds() const = 0;
  /// The time since the boot, suspensions included, which nobody can set (CLOCK_BOOTTIME).
  virtual std::chrono::milliseconds since_boot() const = 0;
  /// So much later than now by the wall clock, as "2026-11-22T22:01:56Z".
  virtual std::string utc_after(std::chrono::milliseconds duration) const = 0;
  std::string utc() const { return utc_after(std::chrono::milliseconds(0)); }
  /// The day in UTC, as "2026-11-22".
  std::string today() const {
    constexpr size_t kDateLength = 10;
    return utc().substr(0, kDateLength);
  }
  /// Returns early if a signal arrives.
  virtual void sleep(std::chrono::milliseconds duration) = 0;
  /// Sleeps through all signals; returns at once after a suspension that lasted longer.
  virtual void sleep_until(std::chrono::milliseconds since_boot) = 0;
};

class SystemClock : public Clock {
 public:
  double monotonic_seconds() const override;
  std::chrono::milliseconds since_boot() const override;
  std::string utc_after(std::chrono::milliseconds duration) const override;
  void sleep(std::chrono::milliseconds duration) override;
  void sleep_until(std::chrono::milliseconds since_boot) override;
};

}  // namespace advisor
