#pragma once

#include <pthread.h>

#include <atomic>
#include <functional>
#include <optional>

namespace advisor {

/// Work that another processor does while this thread goes on. Where there is no other, or no
/// thread to be had, wait() does it. No signal is taken there: those are for this thread.
class Aside {
 public:
  /// Begins. What the work touches is left alone until wait() has returned.
  explicit Aside(std::function<void()> work);
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;
  ~Aside();

  /// Returns when the work is done; at once if it was waited for before.
  void wait();

 private:
  static void* run(void* aside);

  std::function<void()> work_;
  std::atomic<bool> done_ = false;
  cpu_set_t allowed_{};  ///< where the work may go on once it has begun
  std::optional<pthread_t> thread_;
};

}  // namespace advisor
