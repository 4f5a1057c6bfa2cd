#include "os/signals.h"

#include <ctime>

namespace advisor {
namespace {

constexpr int kEnding[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

}  // namespace

SignalHold::SignalHold() {
  sigemptyset(&held_);
  for (const int signal : kEnding) {
    struct sigaction action{};
    // One that is ignored (nohup) ends nothing, and must not look as if it arrived.
    const bool ignored = sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    if (!ignored) sigaddset(&held_, signal);
  }
  sigprocmask(SIG_BLOCK, &held_, &before_);
}

SignalHold::~SignalHold() {
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool SignalHold::pending() const {
  sigset_t waiting;
  sigemptyset(&waiting);
  if (sigpending(&waiting) != 0) return false;
  for (const int signal : kEnding) {
    if (sigismember(&waiting, signal) == 1 && sigismember(&held_, signal) == 1) return true;
  }
  return false;
}

void SignalHold::discard_pending() const {
  const timespec at_once{};
  while (sigtimedwait(&held_, nullptr, &at_once) > 0) {
  }
}

void ignore_write_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace advisor
