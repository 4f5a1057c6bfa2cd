#include "os/child.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

namespace advisor::child_test {

TEST_CASE("child: its answer is ours, whatever is in it") {
  const std::string text("two\nlines and \0 a zero", 22);

  CHECK(*run_in_child([&] { return Result<std::string>(text); }) == text);
  CHECK(*run_in_child([] { return Result<std::string>(std::string()); }) == "");
  CHECK(*run_in_child([] { return Result<std::string>(std::string(1'000'000, 'x')); }) ==
        std::string(1'000'000, 'x'));
}

TEST_CASE("child: its error is ours, with kind and errno") {
  const auto answer = run_in_child([]() -> Result<std::string> {
    return Error{ErrorKind::kStuck, "cannot go on:\n  sysctl -w a=1", 13};
  });

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kStuck);
  CHECK(answer.error().message == "cannot go on:\n  sysctl -w a=1");
  CHECK(answer.error().os_error == 13);
}

TEST_CASE("child: one that is killed has not answered") {
  const auto answer = run_in_child([]() -> Result<std::string> {
    raise(SIGKILL);
    return std::string("never");
  });

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kIo);
}

TEST_CASE("child: several that run side by side give their answers one after the other") {
  std::vector<Result<AnsweringChild>> children;
  for (int child = 0; child < 3; ++child) {
    children.push_back(AnsweringChild::start([child](const AnsweringChild::Give& give) {
      for (int i = 0; i < 40; ++i) {
        // More than a pipe holds, and more than is read at once.
        if (i != 7) give(std::string(size_t(i) * 5000, char('a' + child)));
        if (i == 7) give(Error{ErrorKind::kBusy, "not\nnow", 0});
      }
    }));
  }

  for (size_t i = 0; i < 40; ++i) {
    for (size_t child = 0; child < 3; ++child) {
      REQUIRE(children[child]);
      const auto answer = children[child]->next();
      REQUIRE(bool(answer) == (i != 7));
      if (answer) CHECK(*answer == std::string(i * 5000, char('a' + int(child))));
      if (!answer) CHECK(answer.error().message == "not\nnow");
    }
  }
}

TEST_CASE("child: what one said before it was killed counts, and what it did not end does not") {
  auto child = AnsweringChild::start([](const AnsweringChild::Give& give) {
    give(std::string("first"));
    raise(SIGKILL);
  });

  REQUIRE(child);
  CHECK(*child->next() == "first");
  for (int i = 0; i < 2; ++i) {
    const auto none = child->next();
    REQUIRE_FALSE(none);
    CHECK(none.error().message == "the process that was to do it ended without an answer");
  }
}

TEST_CASE("child: one whose answers nobody reads ends") {
  auto child = AnsweringChild::start([](const AnsweringChild::Give& give) {
    for (;;) give(std::string(100'000, 'x'));
  });

  REQUIRE(child);
  CHECK(child->next()->size() == 100'000);
  // It ends with this scope, or the test would not.
}

}  // namespace advisor::child_test
