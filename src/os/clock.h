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
  /// Now, as "2026-11-22T22:01:56Z".
  virtual std::string utc() const = 0;
  /// The day in UTC, as "2026-11-22".
  std::string today() const {
    constexpr size_t kDateLength = 10;
    return utc().substr(0, kDateLength);
  }
  /// Returns early if a signal arrives.
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

class SystemClock : public Clock {
 public:
  double monotonic_seconds() const override;
  std::string utc() const override;
  void sleep(std::chrono::milliseconds duration) override;
};

}  // namespace advisor
