#include "expr/value.h"

#include <doctest/doctest.h>

#include <limits>

#include "expr/types.h"

namespace advisor::expr::value_test {

TEST_CASE("expr: a value is shown as the language would write it") {
  CHECK(to_text(Value(true)) == "true");
  CHECK(to_text(Value(int64_t{-42})) == "-42");
  CHECK(to_text(Value(0.5)) == "0.5");
  CHECK(to_text(Value(2.0)) == "2.0");
  CHECK(to_text(Value(1e300)) == "1e+300");
  CHECK(to_text(Value(std::numeric_limits<double>::infinity())) == "inf");
  CHECK(to_text(Value(std::string("a\"b\\\n\t"))) == R"("a\"b\\\n\t")");
  CHECK(to_text(Value(std::vector<int64_t>{1, 2})) == "[1, 2]");
  CHECK(to_text(Value(std::vector<double>{1, 2.5})) == "[1.0, 2.5]");
  CHECK(to_text(Value(std::vector<std::string>{"a"})) == "[\"a\"]");
}

TEST_CASE("expr: what has no value says why") {
  CHECK(to_text(Value(Unknown{{"no x", "no y"}})) == "unknown (no x, no y)");
  CHECK(to_text(Value(Unknown{})) == "unknown");
  CHECK(to_text(Value(Failure{"division by zero"})) == "error (division by zero)");
}

TEST_CASE("expr: a type is shown as CEL writes it") {
  CHECK(to_text(Type::kBool) == "bool");
  CHECK(to_text(Type::kInt) == "int");
  CHECK(to_text(Type::kDouble) == "double");
  CHECK(to_text(Type::kString) == "string");
  CHECK(to_text(Type::kIntList) == "list(int)");
  CHECK(to_text(Type::kDoubleList) == "list(double)");
  CHECK(to_text(Type::kStringList) == "list(string)");
}

TEST_CASE("expr: a value has the type it was made of, and an unknown one has none") {
  CHECK(has_type(Value(1.0), Type::kDouble));
  CHECK_FALSE(has_type(Value(1.0), Type::kInt));
  CHECK(has_type(Value(std::vector<std::string>{}), Type::kStringList));
  CHECK_FALSE(has_type(Value(Unknown{}), Type::kStringList));
}

}  // namespace advisor::expr::value_test
