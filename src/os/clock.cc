#include "os/clock.h"

#include <cerrno>
#include <ctime>

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
  const auto then = std::chrono::system_clock::now() + duration;
  const time_t now = std::chrono::system_clock::to_time_t(then);
  struct tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const size_t size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
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
