#include "load/constraint.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace advisor::constraint_test {
namespace {

using Numbers = std::vector<int64_t>;

TypedValue number(int64_t value) {
  return Numbers{value};
}

TypedValue ports(const char* text) {
  return PortSet::parse(text).value();
}

Constraint demand(Relation relation, std::vector<TypedValue> operands) {
  return {relation, std::move(operands), {}};
}

Constraint at_least(int64_t value) {
  return demand(Relation::kAtLeast, {number(value)});
}
Constraint at_most(int64_t value) {
  return demand(Relation::kAtMost, {number(value)});
}
Constraint exactly(int64_t value) {
  return demand(Relation::kExactly, {number(value)});
}
Constraint one_of(std::vector<TypedValue> values) {
  return demand(Relation::kOneOf, std::move(values));
}

}  // namespace

TEST_CASE("constraint: a value that satisfies every demand is never touched") {
  CHECK(nearest_allowed(number(8192), {at_least(4096)}) == number(8192));
  CHECK(nearest_allowed(number(7), {one_of({number(3), number(7)})}) == number(7));
  CHECK(nearest_allowed(number(7), {}) == number(7));
}

TEST_CASE("constraint: a value moves no farther than it must") {
  CHECK(nearest_allowed(number(1), {at_least(4), at_most(8)}) == number(4));
  CHECK(nearest_allowed(number(9), {at_least(4), at_most(8)}) == number(8));
  CHECK(nearest_allowed(number(1), {at_least(4), at_least(6)}) == number(6));
  CHECK(nearest_allowed(number(1), {at_least(4), exactly(5)}) == number(5));
}

TEST_CASE("constraint: each field of a vector moves on its own") {
  const TypedValue now = Numbers{1, 20, 3};
  const Constraint least = demand(Relation::kAtLeast, {Numbers{2, 10, 3}});

  CHECK(nearest_allowed(now, {least}) == TypedValue(Numbers{2, 20, 3}));
}

TEST_CASE("constraint: a range is widened and never narrowed") {
  const Constraint covers = demand(Relation::kCovers, {Numbers{15000, 60999}});

  CHECK(nearest_allowed(Numbers{32768, 60999}, {covers}) == TypedValue(Numbers{15000, 60999}));
  CHECK(nearest_allowed(Numbers{1024, 65535}, {covers}) == TypedValue(Numbers{1024, 65535}));
  CHECK(nearest_allowed(Numbers{10000, 20000}, {covers}) == TypedValue(Numbers{10000, 60999}));
}

TEST_CASE("constraint: ports are added and none is taken away") {
  const Constraint includes = demand(Relation::kIncludes, {ports("8080-8081")});

  CHECK(nearest_allowed(ports("9000,8081"), {includes}) == ports("8080-8081,9000"));
  CHECK(includes.allows(ports("8000-9000")));
  CHECK_FALSE(includes.allows(ports("8080")));
}

TEST_CASE("constraint: of several values the first that all others allow is taken") {
  const Constraint choice = one_of({number(1), number(5), number(9)});

  CHECK(nearest_allowed(number(2), {choice}) == number(1));
  CHECK(nearest_allowed(number(2), {choice, at_least(4)}) == number(5));
  CHECK(nearest_allowed(number(2), {choice, exactly(9)}) == number(9));
}

TEST_CASE("constraint: demands that no value meets are a conflict, in whatever order they come") {
  CHECK_FALSE(nearest_allowed(number(1), {at_least(8), at_most(4)}));
  CHECK_FALSE(nearest_allowed(number(1), {at_most(4), at_least(8)}));
  CHECK_FALSE(nearest_allowed(number(1), {exactly(2), exactly(3)}));
  CHECK_FALSE(nearest_allowed(number(1), {one_of({number(2)}), at_least(3)}));
  CHECK_FALSE(nearest_allowed(ports("1"), {demand(Relation::kIncludes, {ports("5")}),
                                           demand(Relation::kExactly, {ports("6")})}));
}

TEST_CASE("constraint: what is advised is always allowed, over all small demands") {
  for (int64_t now = 0; now < 8; ++now) {
    for (int64_t low = 0; low < 8; ++low) {
      for (int64_t high = 0; high < 8; ++high) {
        const std::vector<Constraint> demands{at_least(low), at_most(high)};

        const auto advised = nearest_allowed(number(now), demands);

        CHECK(advised.has_value() == (low <= high));
        if (advised) CHECK(advised == number(std::max(low, std::min(high, now))));
      }
    }
  }
}

TEST_CASE("constraint: it is named and shown in words") {
  CHECK(to_text(at_least(4096)) == "at least 4096");
  CHECK(to_text(one_of({number(1), number(2)})) == "one of 1, 2");
  CHECK(to_text(demand(Relation::kCovers, {Numbers{15000, 60999}})) ==
        "a range that covers 15000 60999");
  CHECK(relation_names() == "exactly, at_least, at_most, one_of, covers, includes");
}

TEST_CASE("constraint: a demand on one number of a vector leaves the others alone") {
  Constraint larger = demand(Relation::kAtLeast, {Numbers{0, 0, 1000}});
  larger.fields = {2};
  Constraint middle = demand(Relation::kExactly, {Numbers{0, 50, 0}});
  middle.fields = {1};

  CHECK(nearest_allowed(Numbers{4, 8, 16}, {larger}) == TypedValue(Numbers{4, 8, 1000}));
  CHECK(nearest_allowed(Numbers{4, 8, 2000}, {larger}) == TypedValue(Numbers{4, 8, 2000}));
  CHECK(nearest_allowed(Numbers{4, 8, 16}, {larger, middle}) == TypedValue(Numbers{4, 50, 1000}));
  CHECK(to_text(larger, {"min", "default", "max"}) == "at least 1000 for max");
}

}  // namespace advisor::constraint_test
