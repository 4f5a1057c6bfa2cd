#pragma once

#include <string_view>

#include "expr/ast.h"
#include "expr/expression.h"

namespace advisor::expr {

/// The value of a checked tree, and of its parts. `text` is what the tree was parsed from.
Evaluation evaluate(const Node& root, std::string_view text, const Bindings& bindings);

}  // namespace advisor::expr
