#include "os/interruptible_wait.h"

#include <doctest/doctest.h>
#include <unistd.h>

namespace advisor::interruptible_wait_test {
namespace {

using std::chrono::milliseconds;
using End = InterruptibleWait::End;

constexpr milliseconds kLong{60'000};

}  // namespace

TEST_CASE("interruptible wait: it takes its time") {
  InterruptibleWait interruptible;
  const auto begin = std::chrono::steady_clock::now();

  CHECK(interruptible.wait(milliseconds(20)) == End::kTime);

  CHECK(std::chrono::steady_clock::now() - begin >= milliseconds(20));
  CHECK(interruptible.wait(milliseconds(0)) == End::kTime);
}

TEST_CASE("interruptible wait: a signal that arrived before ends it, and nothing else") {
  {
    InterruptibleWait interruptible;
    raise(SIGTERM);

    CHECK(interruptible.wait(kLong) == End::kSignal);
  }
  CHECK(true);  // and we are still here
}

TEST_CASE("interruptible wait: a signal that is ignored does not count") {
  std::signal(SIGHUP, SIG_IGN);
  {
    InterruptibleWait interruptible;
    raise(SIGHUP);

    CHECK(interruptible.wait(milliseconds(10)) == End::kTime);
  }
  std::signal(SIGHUP, SIG_DFL);
}

TEST_CASE("interruptible wait: it ends when nobody reads standard output any more") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const int before = dup(STDOUT_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  close(ends[1]);
  const bool gone_while_read = stdout_reader_is_gone();
  close(ends[0]);
  InterruptibleWait interruptible;

  const End end = interruptible.wait(kLong);
  const bool gone = stdout_reader_is_gone();
  dup2(before, STDOUT_FILENO);
  close(before);

  CHECK_FALSE(gone_while_read);
  CHECK(end == End::kReaderGone);
  CHECK(gone);
}

}  // namespace advisor::interruptible_wait_test
