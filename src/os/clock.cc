#include "os/clock.h"

#include <cerrno>
#include <ctime>

#include "base/utc.h"

namespace advisor {

double SystemClock::monotonic_seconds() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::chrono::milliseconds SystemClock::since_boot() const {
  struct timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::milliseconds(int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000);
}

std::string SystemClock::utc_after(std::chrono::milliseconds duration) const {
  // Not by gmtime_r(3), which reads the file of the local time zone first.
  const auto then =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() + duration);
  return utc_text(then.time_since_epoch().count());
}

void SystemClock::sleep(std::chrono::milliseconds duration) {
  struct timespec wanted{};
  wanted.tv_sec = duration.count() / 1000;
  wanted.tv_nsec = (duration.count() % 1000) * 1'000'000;
  nanosleep(&wanted, nullptr);
}

void SystemClock::sleep_until(std::chrono::milliseconds since_boot) {
  struct timespec then{};
  then.tv_sec = since_boot.count() / 1000;
  then.tv_nsec = (since_boot.count() % 1000) * 1'000'000;
  while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &then, nullptr) == EINTR) {
  }
}

}  // namespace advisor
