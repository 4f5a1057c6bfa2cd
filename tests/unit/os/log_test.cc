#include "os/log.h"

#include <doctest/doctest.h>

namespace advisor::log_test {

TEST_CASE("log: while it is held nothing is written, and what came is kept in its order") {
  const LogHold hold;
  {
    const LogHold inner;
    log_warning("one");
  }
  log_step("two");

  const auto logged = take_held_log();

  REQUIRE(logged.size() == 2);
  CHECK((logged[0].warning && logged[0].text == "one"));
  CHECK((!logged[1].warning && logged[1].text == "two"));
  CHECK(take_held_log().empty());
}

TEST_CASE("log: what a child logged is logged again, and kept if the log is held") {
  const LogHold hold;

  log_again({{true, "of a child"}});

  const auto logged = take_held_log();
  REQUIRE(logged.size() == 1);
  CHECK(logged[0].text == "of a child");
}

}  // namespace advisor::log_test
