#include "os/child.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>

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

TEST_CASE("child: the answers of many come in the order in which they were asked") {
  std::vector<ChildWork> works;
  for (int i = 0; i < 40; ++i) {
    works.push_back([i]() -> Result<std::string> {
      if (i == 7) return Error{ErrorKind::kBusy, "not now", 0};
      return std::string(size_t(i) * 5000, 'x');
    });
  }

  const auto answers = run_in_children(works);

  REQUIRE(answers.size() == 40);
  for (size_t i = 0; i < answers.size(); ++i) {
    CHECK(bool(answers[i]) == (i != 7));
    if (answers[i]) CHECK(answers[i]->size() == i * 5000);
  }
}

}  // namespace advisor::child_test
