#include "os/signals.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <new>
#include <string>

namespace advisor::signals_test {
namespace {

/// How a child that does `work` ended, and what it said on stderr.
struct End {
  int signal = 0;
  int status = -1;
  std::string said;
};

End end_of(const std::function<void()>& work) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    work();
    _exit(0);
  }
  close(ends[1]);
  End end;
  char buffer[256];
  for (ssize_t size = 0; (size = read(ends[0], buffer, sizeof buffer)) > 0;) {
    end.said.append(buffer, size_t(size));
  }
  close(ends[0]);
  int how = 0;
  waitpid(child, &how, 0);
  if (WIFSIGNALED(how)) end.signal = WTERMSIG(how);
  if (WIFEXITED(how)) end.status = WEXITSTATUS(how);
  return end;
}

}  // namespace

TEST_CASE("signals: whoever is interrupted before it began says so, and ends by the signal") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const End end = end_of([&] {
      const LastWord word("nothing was changed\n");
      raise(signal);
    });
    CHECK(end.signal == signal);
    CHECK(end.said == "nothing was changed\n");
  }
}

TEST_CASE("signals: one that is ignored stays ignored") {
  const End end = end_of([] {
    std::signal(SIGHUP, SIG_IGN);
    const LastWord word("nothing was changed\n");
    const SignalHold hold;
    raise(SIGHUP);
    if (hold.pending()) _exit(1);
  });

  CHECK(end.status == 0);
  CHECK(end.said.empty());
}

TEST_CASE("signals: one that is held waits, and ends the process when the hold ends") {
  const End end = end_of([] {
    const LastWord word("word\n");
    const SignalHold hold;
    if (hold.pending()) _exit(1);
    raise(SIGTERM);
    if (!hold.pending()) _exit(2);
  });

  CHECK(end.signal == SIGTERM);
  CHECK(end.said == "word\n");
}

TEST_CASE("signals: a hold that is kept lets the process end as it would have") {
  const End end = end_of([] {
    {
      SignalHold hold;
      raise(SIGINT);
      hold.keep();
    }
    raise(SIGTERM);
    _exit(3);
  });

  CHECK(end.status == 3);
}

TEST_CASE("signals: a vigil outlasts what others end processes by, and TERM is told") {
  const End end = end_of([] {
    const Vigil vigil;
    for (int signal = 1; signal <= SIGRTMAX; ++signal) {
      const bool fault = signal == SIGILL || signal == SIGTRAP || signal == SIGABRT ||
                         signal == SIGBUS || signal == SIGFPE || signal == SIGSEGV ||
                         signal == SIGSYS;
      const bool never = signal == SIGKILL || signal == SIGSTOP || signal == SIGTERM;
      const bool of_the_library = signal >= 32 && signal < SIGRTMIN;
      if (!fault && !never && !of_the_library) raise(signal);
    }
    const SystemClock clock;
    const auto soon = clock.since_boot() + std::chrono::milliseconds(20);
    if (vigil.told_to_end_by(clock, soon) || clock.since_boot() < soon) _exit(1);
    raise(SIGTERM);
    const auto late = clock.since_boot() + std::chrono::seconds(60);
    if (!vigil.told_to_end_by(clock, late) || clock.since_boot() >= late) _exit(2);
  });

  CHECK(end.signal == 0);
  CHECK(end.status == 0);
}

TEST_CASE("signals: without memory it is said whether anything was begun") {
  const End before = end_of([] {
    end_without_memory();
    std::get_new_handler()();
  });
  const End begun = end_of([] {
    end_without_memory();
    const SignalHold hold;
    std::get_new_handler()();
  });

  CHECK(before.status == 2);
  CHECK(before.said.find("nothing was changed") != std::string::npos);
  CHECK(begun.status == 3);
  CHECK(begun.said.find("recover") != std::string::npos);
}

TEST_CASE("signals: Ctrl-Z does not stop a transaction half-way, and is no reason to undo it") {
  const End end = end_of([] {
    SignalHold hold;
    raise(SIGTSTP);
    if (hold.pending()) _exit(1);
    hold.keep();
  });

  CHECK(end.status == 0);
}

}  // namespace advisor::signals_test
