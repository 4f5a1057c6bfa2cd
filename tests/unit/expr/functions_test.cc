#include "expr/functions.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace advisor::expr::functions_test {

TEST_CASE("expr: every function is documented and found under its own name only") {
  std::set<std::string_view> names;
  for (const Function& function : functions()) {
    CAPTURE(std::string(function.name));

    CHECK(names.insert(function.name).second);
    CHECK(find_function(function.name, function.is_method) == &function);
    CHECK(find_function(function.name, !function.is_method) == nullptr);
    CHECK_FALSE(function.arguments.empty());
    CHECK_FALSE(function.result.empty());
    CHECK_FALSE(function.summary.empty());
    CHECK_FALSE(function.check({}));
  }
}

}  // namespace advisor::expr::functions_test
