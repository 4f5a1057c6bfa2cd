#include "cli/recovery_answer.h"

#include <doctest/doctest.h>

namespace advisor::recovery_answer_test {

TEST_CASE("recovery answer: what was said, left open and logged comes through") {
  const Recovery recovery{{"1 was undone", "two\nlines"}, {"2 is open"}};
  std::vector<Logged> logged;

  const auto read = read_recovery_answer(
      recovery_answer(recovery, {{true, "a warning"}, {false, "a step"}}), logged);

  REQUIRE(read);
  CHECK(read->said == recovery.said);
  CHECK(read->open == recovery.open);
  REQUIRE(logged.size() == 2);
  CHECK((logged[0].warning && logged[0].text == "a warning"));
  CHECK((!logged[1].warning && logged[1].text == "a step"));
}

TEST_CASE("recovery answer: an error comes through with its kind, and nothing is nothing") {
  std::vector<Logged> logged;

  const auto error = read_recovery_answer(
      recovery_answer(Error{ErrorKind::kCorrupt, "damaged", 0}, {{false, "a step"}}), logged);
  const auto nothing = read_recovery_answer(recovery_answer(Recovery(), {}), logged);

  REQUIRE_FALSE(error);
  CHECK(error.error().kind == ErrorKind::kCorrupt);
  CHECK(error.error().message == "damaged");
  CHECK(logged.size() == 1);
  REQUIRE(nothing);
  CHECK(nothing->said.empty());
}

TEST_CASE("recovery answer: a child that was killed may have put a part back") {
  std::vector<Logged> logged;

  const auto read = read_recovery_answer(Error{ErrorKind::kIo, "it ended", 0}, logged);

  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::kStuck);
}

}  // namespace advisor::recovery_answer_test
