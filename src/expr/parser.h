#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "expr/ast.h"
#include "expr/expression.h"

namespace advisor::expr {

/// An operator between two operands. Those of one precedence are grouped from the left.
struct BinaryOperator {
  std::string_view symbol;
  int precedence;  ///< the higher binds tighter
  Operator operation;
  std::string_view operands;  ///< for a person
  std::string_view summary;   ///< one line of documentation
};

/// All of them, by precedence.
std::span<const BinaryOperator> binary_operators();

/// The tree of an expression, not yet checked. Ends, without a deep stack, on every text.
std::variant<NodePtr, CompileError> parse(std::string_view text);

}  // namespace advisor::expr
