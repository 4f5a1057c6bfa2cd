#include "os/signals.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

namespace advisor {
namespace {

constexpr int kEnding[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,   SIGALRM,
                           SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM, SIGPROF};
constexpr int kStopping[] = {SIGTSTP, SIGTTIN, SIGTTOU};
/// Whose default is to end or to stop a process, and which others send; signal(7).
constexpr int kOutlasted[] = {SIGHUP,  SIGINT,    SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE,
                              SIGALRM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGPWR,  SIGIO,
                              SIGPROF, SIGVTALRM, SIGTSTP, SIGTTIN, SIGTTOU};

/// A handler sees only what is global.
std::atomic<const char*> last_word{nullptr};
static_assert(std::atomic<const char*>::is_always_lock_free);

/// Says the word and lets the signal do what it does; only what signal-safety(7) allows.
void say_last_word(int signal) {
  const char* const word = last_word.load();
  if (word && write(STDERR_FILENO, word, strlen(word)) < 0) {
    // Nobody is there to be told.
  }
  std::signal(signal, SIG_DFL);
  sigset_t just_this;
  sigemptyset(&just_this);
  sigaddset(&just_this, signal);
  raise(signal);
  sigprocmask(SIG_UNBLOCK, &just_this, nullptr);
}

std::atomic<int> holds{0};

/// Only what needs no memory.
[[noreturn]] void say_no_memory_and_end() {
  const bool begun = holds.load() > 0;
  const char* const word =
      begun ? "sysctl-advisor: out of memory; `sysctl-advisor recover` undoes what was begun\n"
            : "sysctl-advisor: out of memory; nothing was changed\n";
  if (write(STDERR_FILENO, word, strlen(word)) < 0) {
    // Nobody is there to be told.
  }
  _exit(begun ? 3 : 2);
}

void handle_by(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // The word is said once, whatever else arrives.
  for (const int signal : kAskingSignals) sigaddset(&action.sa_mask, signal);
  for (const int signal : kAskingSignals) {
    if (!is_ignored(signal)) sigaction(signal, &action, nullptr);
  }
}

}  // namespace

bool is_ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

SignalHold::SignalHold() {
  ++holds;
  sigemptyset(&held_);
  for (const int signal : kEnding) {
    // An ignored signal (nohup) must not look as if it had come to end the process.
    if (!is_ignored(signal)) sigaddset(&held_, signal);
  }
  for (const int signal : kStopping) sigaddset(&held_, signal);
  sigprocmask(SIG_BLOCK, &held_, &before_);
}

SignalHold::~SignalHold() {
  if (kept_) return;
  --holds;
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

LastWord::LastWord(const char* word) {
  change(word);
  handle_by(say_last_word);
}

LastWord::~LastWord() {
  handle_by(SIG_DFL);
  last_word = nullptr;
}

void LastWord::change(const char* word) {
  last_word = word;
}

Vigil::Vigil() {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, nullptr);
  for (const int signal : kOutlasted) std::signal(signal, SIG_IGN);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) std::signal(signal, SIG_IGN);
}

bool Vigil::told_to_end_by(const Clock& clock, std::chrono::milliseconds since_boot) const {
  // While the host is suspended the wait stands still, but the time goes on.
  constexpr std::chrono::milliseconds kLongest{1000};
  constexpr std::chrono::milliseconds kNone{0};
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  for (;;) {
    const auto left = std::clamp(since_boot - clock.since_boot(), kNone, kLongest);
    struct timespec longest{};
    longest.tv_sec = left.count() / 1000;
    longest.tv_nsec = (left.count() % 1000) * 1'000'000;
    if (sigtimedwait(&term, nullptr, &longest) == SIGTERM) return true;
    if (left == kNone) return false;
  }
}

void end_without_memory() {
  std::set_new_handler(say_no_memory_and_end);
}

void ignore_write_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace advisor
