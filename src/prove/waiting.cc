#include "prove/waiting.h"

#include "os/clock.h"

namespace advisor {

Result<bool> wait_until(std::chrono::milliseconds longest,
                        const std::function<Result<bool>()>& done) {
  constexpr std::chrono::milliseconds kLook{2};
  SystemClock clock;
  const auto until = clock.since_boot() + longest;
  for (;;) {
    const auto is_done = done();
    if (!is_done) return is_done.error();
    if (*is_done) return true;
    if (clock.since_boot() >= until) return false;
    clock.sleep(kLook);
  }
}

Status wait_or_fail(const std::string& what, std::chrono::milliseconds longest,
                    const std::function<Result<bool>()>& done) {
  const auto came = wait_until(longest, done);
  if (!came) return came.error();
  if (*came) return {};
  return Error{ErrorKind::kBusy, what + " did not come about in time", 0};
}

}  // namespace advisor
