#pragma once

#include <chrono>
#include <csignal>

#include "os/unique_fd.h"

namespace advisor {

/// While it lives, the signals that ask a process to end (INT, TERM, HUP, QUIT) do so only when it
/// waits, so that what is printed between is whole. One that is ignored (nohup) stays so.
class InterruptibleWait {
 public:
  InterruptibleWait();
  ~InterruptibleWait();
  InterruptibleWait(const InterruptibleWait&) = delete;
  InterruptibleWait& operator=(const InterruptibleWait&) = delete;

  /// Why a wait is over.
  enum class End {
    kTime,        ///< it took as long as it should
    kSignal,      ///< one arrived
    kReaderGone,  ///< nobody reads standard output any more
  };
  End wait(std::chrono::milliseconds duration);

 private:
  sigset_t before_;
  UniqueFd signals_;
};

/// Whether nobody can read what is written to standard output.
bool stdout_reader_is_gone();

}  // namespace advisor
