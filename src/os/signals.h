#pragma once

#include <csignal>

namespace advisor {

/// While it lives, the signals that would end the process (INT, TERM, HUP, QUIT) wait, so
/// that a transaction is never cut off half-way by them; whoever runs it asks `pending` between
/// steps. What was not asked for is delivered when the hold ends.
class SignalHold {
 public:
  SignalHold();
  ~SignalHold();
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;

  bool pending() const;
  /// Forgets what arrived.
  void discard_pending() const;

 private:
  sigset_t held_;
  sigset_t before_;
};

/// A closed pipe or a full file size limit becomes an error of the write, not the end of us.
void ignore_write_signals();

}  // namespace advisor
