#pragma once

#include <chrono>
#include <csignal>

#include "os/clock.h"

namespace advisor {

/// By which people and terminals ask a process to end.
inline constexpr int kAskingSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// Whether this process was told to take no notice of a signal, as nohup(1) does.
bool is_ignored(int signal);

/// While it lives, the signals by which others end a process (INT, TERM, HUP, QUIT, and what
/// kill(1) and limits send besides) wait, so that a transaction is never cut off half-way by them;
/// whoever runs it asks `pending` between steps. What was not asked for is delivered when the hold
/// ends. Those that would stop the process half-way (TSTP, TTIN, TTOU) wait as well.
class SignalHold {
 public:
  SignalHold();
  ~SignalHold();
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;

  /// Whether one arrived that would have ended the process.
  bool pending() const;
  /// From now on the signals wait as long as the process lives, so that how it ended can be told.
  void keep() { kept_ = true; }

 private:
  sigset_t held_;
  sigset_t before_;
  bool kept_ = false;
};

/// While it lives, Ctrl-C, SIGTERM, SIGHUP and SIGQUIT end the process as ever, with `word` on
/// stderr. One that is ignored (nohup) stays so. At most one lives at a time.
class LastWord {
 public:
  explicit LastWord(const char* word);
  ~LastWord();
  LastWord(const LastWord&) = delete;
  LastWord& operator=(const LastWord&) = delete;

  /// From now on another one; `word` stays where it is.
  void change(const char* word);
};

/// A process that must outlast the signals by which others end processes, since it alone does what
/// it waits to do: for good, TERM waits to be asked for, and all the others except KILL are
/// ignored.
class Vigil {
 public:
  Vigil();
  /// Waits until then. True at once if TERM came before.
  bool told_to_end_by(const Clock& clock, std::chrono::milliseconds since_boot) const;
};

/// From now on a process that gets no memory says so and ends: with status 2 before anything is
/// changed, and under a SignalHold with status 3, since what was begun is still to be undone.
void end_without_memory();

/// A closed pipe or a full file size limit becomes an error of the write, not the end of us.
void ignore_write_signals();

}  // namespace advisor
