#pragma once

namespace advisor {

/// How often a call that came to nothing (EINTR, ENOBUFS) is made again: often, but not for ever.
class Retries {
 public:
  bool again() { return ++made_ <= kMost; }
  /// It came to something.
  void start_over() { made_ = 0; }

 private:
  static constexpr int kMost = 100;
  int made_ = 0;
};

}  // namespace advisor
