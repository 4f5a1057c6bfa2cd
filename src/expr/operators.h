#pragma once

#include <compare>
#include <span>

#include "expr/ast.h"
#include "expr/value.h"

namespace advisor::expr {

/// The order of two numbers, strings or bools. An int and a double compare by their exact values;
/// a NaN is unordered.
std::partial_ordering compare(const Value& left, const Value& right);

/// Unary and binary operators other than `&&` and `||`, on known values of types the checker
/// accepted. A Failure where there is no result.
Value apply_operator(Operator operation, std::span<const Value> operands);

}  // namespace advisor::expr
