#include "expr/expression.h"

#include <doctest/doctest.h>

#include <string>

#include "named_values.h"

namespace advisor::expr::expression_test {
namespace {

Expression compiled(std::string_view text, const Scope& scope) {
  auto result = Expression::compile(text, scope);
  REQUIRE(std::holds_alternative<Expression>(result));
  return std::get<Expression>(result);
}

std::string error_of(std::string_view text) {
  const auto result = Expression::compile(text, NamedValues{});
  const auto* error = std::get_if<CompileError>(&result);
  return error ? error->message : "";
}

std::string repeated(std::string_view part, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("expr: an expression knows its text, its type and its names") {
  NamedValues values;
  values.add("b", Type::kInt, int64_t{1});
  values.add("a.x", Type::kInt, int64_t{2});
  values.add("sysctl.net.core.somaxconn", Type::kInt, int64_t{3});

  const Expression expression = compiled("b + a.x * b > sysctl[\"net.core.somaxconn\"] ", values);

  CHECK(expression.text() == "b + a.x * b > sysctl[\"net.core.somaxconn\"] ");
  CHECK(expression.type() == Type::kBool);
  CHECK(expression.names() == std::vector<std::string>{"a.x", "b", "sysctl.net.core.somaxconn"});
}

TEST_CASE("expr: a copy of an expression outlives the text it was made from") {
  NamedValues values;
  values.add("a", Type::kInt, int64_t{1});
  std::string text = "a + 41";
  const Expression expression = compiled(text, values);
  text.assign(text.size(), 'x');

  const Evaluation evaluation = Expression(expression).evaluate(values);

  CHECK(evaluation.value == Value(int64_t{42}));
  CHECK(evaluation.observations ==
        std::vector<Observation>{{"a", int64_t{1}}, {"a + 41", int64_t{42}}});
}

TEST_CASE("expr: what cannot change the result is not looked at") {
  NamedValues values;
  values.add("yes", Type::kBool, true);
  values.add("no", Type::kBool, false);
  values.add("other", Type::kBool, true);

  (void)compiled("no && other", values).evaluate(values);
  (void)compiled("yes || other", values).evaluate(values);
  (void)compiled("yes ? no : other", values).evaluate(values);

  CHECK(values.asked() == std::vector<std::string>{"no", "yes", "yes", "no"});
}

TEST_CASE("expr: the same name missing twice is reported once") {
  NamedValues values;
  values.add("a", Type::kInt, Unknown{{"no a"}});
  values.add("b", Type::kInt, Unknown{{"no b", "no a"}});

  const Evaluation evaluation = compiled("a + b + a", values).evaluate(values);

  CHECK(evaluation.value == Value(Unknown{{"no a", "no b"}}));
}

TEST_CASE("expr: a binding that breaks its promise is a failure and not a crash") {
  NamedValues values;
  values.add("a", Type::kInt, std::string("text"));

  const Evaluation evaluation = compiled("a + 1", values).evaluate(values);

  CHECK(evaluation.value == Value(Failure{"a is \"text\", which is no int"}));
}

TEST_CASE("expr: a text of 4 KiB is compiled, a longer one is not") {
  const std::string longest = "1" + std::string(4095, ' ');

  CHECK(error_of(longest).empty());
  CHECK(error_of(longest + " ") == "the expression is longer than 4096 bytes");
}

TEST_CASE("expr: 64 levels of nesting are compiled, one more is not") {
  const std::string too_deep = "nested deeper than 64 levels";

  CHECK(error_of(repeated("(", 64) + "1" + repeated(")", 64)).empty());
  CHECK(error_of(repeated("(", 65) + "1" + repeated(")", 65)) == too_deep);
  CHECK(error_of(repeated("!", 64) + "true").empty());
  CHECK(error_of(repeated("!", 65) + "true") == too_deep);
  CHECK(error_of(repeated("true?1:", 64) + "1").empty());
  CHECK(error_of(repeated("true?1:", 65) + "1") == too_deep);
  CHECK(error_of(repeated("1+", 64) + "1").empty());
  CHECK(error_of(repeated("1+", 65) + "1") == too_deep);
}

TEST_CASE("expr: no text is deep enough to exhaust the stack") {
  for (const std::string_view part : {"(", "!", "-", "[", "true?1:", "true?", "size(", "1+", "1&&",
                                      "- ", "a.", "!(", "((!-", "a.b(", "x[0]", "[0]", "1 in "}) {
    CAPTURE(std::string(part));

    CHECK_FALSE(error_of(repeated(part, 4096 / part.size())).empty());
  }
}

TEST_CASE("expr: bytes that are no text are refused where they stand") {
  const auto result = Expression::compile(std::string_view("1 \0 2", 5), NamedValues{});
  const auto* error = std::get_if<CompileError>(&result);

  REQUIRE(error);
  CHECK(*error ==
        CompileError{2, "unexpected byte 0x00", "only ASCII may stand outside of strings"});
  CHECK(error_of("\xc3\xa9 > 1") == "unexpected byte 0xc3");
}

}  // namespace advisor::expr::expression_test
