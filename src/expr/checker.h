#pragma once

#include <string>
#include <variant>
#include <vector>

#include "expr/ast.h"
#include "expr/expression.h"

namespace advisor::expr {

/// Gives every node its type and every call its function. The names the expression speaks of,
/// sorted, each once; or what is wrong with it.
std::variant<std::vector<std::string>, CompileError> check(Node& root, const Scope& scope,
                                                           Guesses guesses);

}  // namespace advisor::expr
