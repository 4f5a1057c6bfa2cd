#include "expr/message.h"

#include <doctest/doctest.h>

#include "named_values.h"

namespace advisor::expr::message_test {

TEST_CASE("expr: a message is filled anew from each set of bindings") {
  NamedValues before;
  before.add("a", Type::kInt, int64_t{1});
  NamedValues after;
  after.add("a", Type::kInt, int64_t{27411});
  const auto compiled = Message::compile("a is {a}", before);
  REQUIRE(std::holds_alternative<Message>(compiled));
  const auto& message = std::get<Message>(compiled);

  CHECK(message.fill(before) == "a is 1");
  CHECK(message.fill(after) == "a is 27 411");
}

TEST_CASE("expr: an error in a message points into the whole message") {
  const auto compiled = Message::compile("one {1} two {1 + x | raw}", NamedValues{});
  const auto* error = std::get_if<CompileError>(&compiled);

  REQUIRE(error);
  CHECK(*error == CompileError{17, "unknown fact \"x\"", ""});
}

}  // namespace advisor::expr::message_test
