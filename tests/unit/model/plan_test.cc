#include "model/plan.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::plan_test {

using testing::change;

TEST_CASE("plan: its inverse goes back in reverse order") {
  const Plan plan{{change("a.x", "1", "2"), change("a.y", "3", "4")},
                  FileChange{"/f", std::nullopt, "new"}};

  const Plan inverse = inverse_of(plan);

  CHECK(inverse.changes == std::vector<Change>{change("a.y", "4", "3"), change("a.x", "2", "1")});
  CHECK(inverse.drop_in == FileChange{"/f", "new", std::nullopt});
}

TEST_CASE("plan: the inverse of the inverse is the plan") {
  const Plan plan{{change("a.x", "1", "2"), change("a.y", "3", "4")}, FileChange{"/f", "a", "b"}};

  const Plan twice = inverse_of(inverse_of(plan));

  CHECK(twice.changes == plan.changes);
  CHECK(twice.drop_in == plan.drop_in);
}

TEST_CASE("plan: a file that stays as it is makes no plan") {
  Plan plan;
  CHECK(plan.empty());

  plan.drop_in = FileChange{"/f", "same", "same"};
  CHECK(plan.empty());

  plan.drop_in->after = std::nullopt;
  CHECK_FALSE(plan.empty());
}

TEST_CASE("plan: of two views of one value the finer one is written last") {
  const auto name = [](const char* text) { return ParameterName::parse(text).value(); };
  Plan plan;
  plan.changes = {
      {name("net.ipv4.route.gc_min_interval_ms"), ParameterValue("0"), ParameterValue("500"), "r"}};
  plan.affected = {
      {name("net.ipv4.route.gc_min_interval"), ParameterValue("1"), ParameterValue("0")}};

  const std::vector<Change> writes = writes_of(plan);

  REQUIRE(writes.size() == 2);
  CHECK(writes[1].parameter.dotted() == "net.ipv4.route.gc_min_interval_ms");
}

TEST_CASE("plan: the inverse of a pair sets the form that was set") {
  const auto name = [](const char* text) { return ParameterName::parse(text).value(); };
  Plan plan;
  plan.changes = {{name("vm.dirty_bytes"), ParameterValue("0"), ParameterValue("4096"), "r"}};
  plan.affected = {
      {name("vm.dirty_ratio"), ParameterValue("20"), ParameterValue("0"), name("vm.dirty_bytes")}};

  const Plan inverse = inverse_of(plan);

  REQUIRE(writes_of(inverse).size() == 1);
  CHECK(writes_of(inverse)[0].parameter.dotted() == "vm.dirty_ratio");
  CHECK(writes_of(inverse)[0].after.text() == "20");
  REQUIRE(inactive_of(inverse).size() == 1);
  CHECK(inverse_of(inverse).changes == plan.changes);
}

}  // namespace advisor::plan_test
