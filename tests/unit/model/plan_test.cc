#include "model/plan.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor {

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

}  // namespace advisor
