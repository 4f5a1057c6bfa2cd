#pragma once

#include <string_view>

#include "expr/expression.h"

namespace advisor::expr {

/// The value of a checked tree as expr/packed_expression.h lays it down, and of its parts. `text`
/// is what the tree was parsed from.
Evaluation evaluate(std::string_view tree, const SharedText& text, const Bindings& bindings);

/// The value alone, which is less work.
Value value_of(std::string_view tree, const Bindings& bindings);

}  // namespace advisor::expr
