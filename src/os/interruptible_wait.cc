#include "os/interruptible_wait.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "os/signals.h"

namespace advisor {
namespace {

constexpr short kGone = POLLERR | POLLHUP | POLLNVAL;

}  // namespace

InterruptibleWait::InterruptibleWait() {
  sigset_t asked;
  sigemptyset(&asked);
  for (const int signal : kAskingSignals) {
    // An ignored signal is left out: while blocked it would arrive all the same.
    if (!is_ignored(signal)) sigaddset(&asked, signal);
  }
  sigprocmask(SIG_BLOCK, &asked, &before_);
  signals_ = UniqueFd(signalfd(-1, &asked, SFD_CLOEXEC | SFD_NONBLOCK));
}

InterruptibleWait::~InterruptibleWait() {
  // A signal that was waited for must not end the process any more.
  signalfd_siginfo taken{};
  while (read(signals_.get(), &taken, sizeof taken) > 0) {
  }
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

InterruptibleWait::End InterruptibleWait::wait(std::chrono::milliseconds duration) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + duration;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    // Of standard output only errors are told, which need not be asked for.
    struct pollfd watched[] = {{signals_.get(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
    const int ready = poll(watched, 2, int(std::max<int64_t>(left.count(), 0)));
    if (ready > 0 && watched[0].revents != 0) return End::kSignal;
    if (ready > 0 && (watched[1].revents & kGone) != 0) return End::kReaderGone;
    if (ready == 0) return End::kTime;
  }
}

bool stdout_reader_is_gone() {
  struct pollfd out{STDOUT_FILENO, 0, 0};
  // One that was never open has no reader that could go.
  return poll(&out, 1, 0) > 0 && (out.revents & kGone) != 0 && (out.revents & POLLNVAL) == 0;
}

}  // namespace advisor
