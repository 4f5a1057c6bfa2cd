#include "os/clock.h"

#include <ctime>

namespace advisor {

double SystemClock::monotonic_seconds() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::string SystemClock::utc() const {
  const time_t now = time(nullptr);
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

}  // namespace advisor
