#pragma once

#include "base/error.h"

namespace advisor::testing {

/// Counts every call that the fakes of one world receive, and lets one of them go wrong. Calls
/// count from 1; 0 stands for none.
class Steps {
 public:
  /// The call fails once, without having done anything.
  void fail_at(int step) { fail_at_ = step; }
  /// The call fails once, although it has done what it was asked for.
  void fail_after(int step) { fail_after_ = step; }
  /// From this call on the disk syncs nothing any more, and says so; all else goes on.
  void fail_syncs_from(int step) { fail_syncs_from_ = step; }
  /// The world stops before the call: it and every later one fails and does nothing, as if the
  /// process had been killed there.
  void stop_at(int step) { stop_at_ = step; }
  /// As stop_at, but the call still does what it was asked for.
  void stop_after(int step) { stop_after_ = step; }
  /// Nothing goes wrong any more, and counting begins anew.
  void thaw() { *this = Steps(); }

  int taken() const { return taken_; }
  /// Whether the process still runs, so that it can tidy up after a failed call.
  bool alive() const { return !reached(stop_at_) && !reached(stop_after_); }

  /// Takes one step: calls `effect` unless the step fails before it, and says whether it failed.
  template <typename Effect>
  bool take(Effect effect) {
    ++taken_;
    const bool stopped = reached(stop_at_) || (stop_after_ > 0 && taken_ > stop_after_);
    if (stopped || taken_ == fail_at_) return false;
    effect();
    return taken_ != fail_after_ && taken_ != stop_after_;
  }
  /// A step that makes something durable.
  template <typename Effect>
  bool take_sync(Effect effect) {
    if (!reached(fail_syncs_from_)) return take(effect);
    ++taken_;
    return false;
  }
  /// A step that changes nothing.
  bool take() {
    return take([] {});
  }

 private:
  bool reached(int step) const { return step > 0 && taken_ >= step; }

  int taken_ = 0;
  int fail_at_ = 0;
  int fail_after_ = 0;
  int fail_syncs_from_ = 0;
  int stop_at_ = 0;
  int stop_after_ = 0;
};

inline Error injected_failure() {
  return {ErrorKind::kIo, "injected failure", 5};
}

}  // namespace advisor::testing
