#include "os/aside.h"

#include <doctest/doctest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace advisor {
namespace {

/// Confines this thread to the processor that it is on, for as long as it lives.
class OneProcessor {
 public:
  OneProcessor() {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(size_t(sched_getcpu()), &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;
  ~OneProcessor() { sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_{};
};

}  // namespace

TEST_CASE("aside: the work is done once, however often it is waited for") {
  int times = 0;
  Aside aside([&] { ++times; });

  aside.wait();
  CHECK(times == 1);
  aside.wait();
  CHECK(times == 1);
}

TEST_CASE("aside: with one processor the work waits until it is waited for") {
  const OneProcessor one;
  pthread_t worker{};
  Aside aside([&] { worker = pthread_self(); });

  CHECK(worker == pthread_t{});
  aside.wait();
  CHECK(pthread_equal(worker, pthread_self()) != 0);
}

TEST_CASE("aside: where there is another processor, another thread does it, on any of them") {
  cpu_set_t allowed;
  REQUIRE(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
  if (CPU_COUNT(&allowed) < 2) {
    MESSAGE("skipped: there is one processor only");
    return;
  }
  pthread_t worker = pthread_self();
  cpu_set_t there{};
  Aside aside([&] {
    worker = pthread_self();
    sched_getaffinity(0, sizeof there, &there);
  });

  aside.wait();

  CHECK(pthread_equal(worker, pthread_self()) == 0);
  CHECK(CPU_EQUAL(&there, &allowed) != 0);
}

TEST_CASE("aside: no signal is taken there") {
  sigset_t blocked;
  sigemptyset(&blocked);
  pthread_t worker = pthread_self();
  Aside aside([&] {
    worker = pthread_self();
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  });

  aside.wait();

  if (pthread_equal(worker, pthread_self()) != 0) {
    MESSAGE("skipped: there is one processor only");
    return;
  }
  CHECK(sigismember(&blocked, SIGINT) == 1);
  CHECK(sigismember(&blocked, SIGTERM) == 1);
}

TEST_CASE("aside: whoever does not wait leaves nothing running behind") {
  std::atomic<bool> began = false;
  std::atomic<bool> ended = false;
  {
    const Aside aside([&] {
      began = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ended = true;
    });
  }
  CHECK(began == ended);
}

}  // namespace advisor
