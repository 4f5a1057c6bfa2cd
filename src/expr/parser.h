#pragma once

#include <string_view>
#include <variant>

#include "expr/ast.h"
#include "expr/expression.h"

namespace advisor::expr {

/// The tree of an expression, not yet checked. Ends, without a deep stack, on every text.
std::variant<NodePtr, CompileError> parse(std::string_view text);

}  // namespace advisor::expr
