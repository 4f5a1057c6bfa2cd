#include "rules/left_out.h"

#include <doctest/doctest.h>

#include <set>

#include "support/builders.h"

namespace advisor::left_out_test {
namespace {

using testing::name;
using Texts = testing::Lines;

Wish wish(size_t finding, const char* parameter, bool required = false) {
  return {finding, name(parameter), required, true};
}

/// "out", "moot" or "kept" for each wish, where `closed` cannot be set.
Texts fates(const std::vector<Wish>& wishes, const std::set<std::string>& closed) {
  Texts words;
  NotSettable not_settable;
  for (const std::string& parameter : closed) not_settable[name(parameter)] = "closed";
  for (const WishOutcome& outcome : leave_out(wishes, not_settable)) {
    words.emplace_back(!outcome.left_out.empty() ? "out" : outcome.moot ? "moot" : "kept");
  }
  return words;
}

}  // namespace

TEST_CASE("left out: what can be set is kept, and so are the other targets of a finding") {
  CHECK(fates({wish(0, "a.x"), wish(0, "a.y")}, {}) == Texts{"kept", "kept"});
  CHECK(fates({wish(0, "a.x"), wish(0, "a.y")}, {"a.x"}) == Texts{"out", "kept"});
}

TEST_CASE("left out: what requires a parameter that cannot be set goes with it, and says so") {
  const std::vector<Wish> wishes{wish(0, "a.x", true), wish(0, "a.y")};

  CHECK(fates(wishes, {"a.x"}) == Texts{"out", "out"});
  const auto outcomes = leave_out(wishes, {{name("a.x"), "closed"}});
  CHECK(outcomes[0].left_out == "closed");
  CHECK(outcomes[1].left_out == "it requires a.x, which cannot be set here");
}

TEST_CASE("left out: over any number of steps, in whatever order the findings stand") {
  CHECK(fates({wish(0, "a.y", true), wish(0, "a.z"), wish(1, "a.x", true), wish(1, "a.y")},
              {"a.x"}) == Texts{"out", "out", "out", "out"});
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y"), wish(1, "a.y", true), wish(1, "a.z"),
               wish(2, "a.z", true), wish(2, "a.w"), wish(3, "a.v")},
              {"a.x"}) == Texts{"out", "out", "out", "out", "out", "out", "kept"});
}

TEST_CASE("left out: requirements in a circle end") {
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y"), wish(1, "a.y", true), wish(1, "a.x")}, {}) ==
        Texts{"kept", "kept", "kept", "kept"});
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y"), wish(1, "a.y", true), wish(1, "a.x")},
              {"a.y"}) == Texts{"out", "out", "out", "out"});
}

TEST_CASE(
    "left out: what nothing is left to need is not asked for, unless somebody else wants it") {
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y")}, {"a.y"}) == Texts{"moot", "out"});
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y"), wish(1, "a.x")}, {"a.y"}) ==
        Texts{"moot", "out", "kept"});
  CHECK(fates({wish(0, "a.x", true), wish(0, "a.y"), wish(0, "a.z")}, {"a.y"}) ==
        Texts{"kept", "out", "kept"});
  CHECK(fates({wish(0, "a.x", true)}, {"a.y"}) == Texts{"kept"});
}

TEST_CASE("left out: a finding that asks for nothing does not take anything of others along") {
  Wish required = wish(0, "a.x", true);
  Wish target = wish(0, "a.y");
  required.asked = target.asked = false;

  CHECK(fates({required, target, wish(1, "a.y")}, {"a.x"}) == Texts{"out", "kept", "kept"});
}

}  // namespace advisor::left_out_test
