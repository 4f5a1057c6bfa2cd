#include "model/parameter_cost.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::parameter_cost_test {
namespace {

ParameterInfo row(const std::string& cost) {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"net.core.somaxconn\"]\ntype = 'int'\nmeaning = 'm'\ncost = " + cost + "\n");
  return *catalogue.find(testing::name("net.core.somaxconn"));
}

std::string cost(const std::string& written, const std::string& now, const std::string& advised) {
  return cost_of(row(written), ParameterValue(now), ParameterValue(advised));
}

}  // namespace

TEST_CASE("cost: one sentence holds for any change") {
  CHECK(cost("'It flushes.'", "1", "2") == "It flushes.");
}

TEST_CASE("cost: what a larger number costs is not said of a smaller one") {
  const std::string written = "{ higher = 'Memory.', lower = 'Resets.', any = 'It flushes.' }";

  CHECK(cost(written, "1", "2") == "It flushes. Memory.");
  CHECK(cost(written, "2", "1") == "It flushes. Resets.");
  CHECK(costs_in_words(row(written)) == "It flushes. Memory. Resets.");
}

TEST_CASE("cost: what 1 costs is not said where 0 is advised") {
  const std::string written = "{ '1' = '1 lets anybody in.' }";

  CHECK(cost(written, "1", "0") == "");
  CHECK(cost(written, "0", "1") == "1 lets anybody in.");
}

}  // namespace advisor::parameter_cost_test
