#include "os/aside.h"

#include <malloc.h>
#include <sched.h>

#include <csignal>
#include <utility>

namespace advisor {
namespace {

/// The processors that are allowed without the one that this thread is on: there the scheduler
/// would leave a new thread for some milliseconds, in which nothing is gained. Nothing if there are
/// no others.
std::optional<cpu_set_t> elsewhere(const cpu_set_t& allowed) {
  const int here = sched_getcpu();
  if (here < 0) return std::nullopt;
  cpu_set_t others = allowed;
  CPU_CLR(size_t(here), &others);
  return CPU_COUNT(&others) > 0 ? std::optional(others) : std::nullopt;
}

std::optional<pthread_t> start(const cpu_set_t& processors, void* (*run)(void*), void* argument) {
  // By the mask that the thread inherits: sanitizers start threads with that, whatever else is
  // asked.
  sigset_t every;
  sigset_t before;
  sigfillset(&every);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return std::nullopt;
  pthread_sigmask(SIG_SETMASK, &every, &before);
  pthread_t thread{};
  const bool started =
      pthread_attr_setaffinity_np(&attributes, sizeof processors, &processors) == 0 &&
      pthread_create(&thread, &attributes, run, argument) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return started ? std::optional(thread) : std::nullopt;
}

}  // namespace

Aside::Aside(std::function<void()> work) : work_(std::move(work)) {
  if (sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) return;
  // To lay out a heap of its own would take the thread longer than all that it allocates.
  mallopt(M_ARENA_MAX, 1);
  if (const auto others = elsewhere(allowed_)) thread_ = start(*others, run, this);
}

Aside::~Aside() {
  if (thread_) pthread_join(*thread_, nullptr);
}

void* Aside::run(void* aside) {
  auto& self = *static_cast<Aside*>(aside);
  // It had to begin elsewhere; where it goes on is for the scheduler to say.
  sched_setaffinity(0, sizeof self.allowed_, &self.allowed_);
  self.work_();
  self.done_ = true;
  self.done_.notify_one();
  return nullptr;
}

void Aside::wait() {
  // The end of the thread would take longer than that of its work.
  if (thread_) return done_.wait(false);
  if (!done_.exchange(true)) work_();
}

}  // namespace advisor
