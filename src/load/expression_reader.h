#pragma once

#include <optional>
#include <string>

#include "expr/expression.h"
#include "expr/message.h"
#include "load/table_reader.h"

namespace advisor {

/// Compiles the expression that the text node holds; a failure becomes a diagnostic at the very
/// character. `hint` is the way out where the compiler has none.
std::optional<expr::Expression> compile_expression(const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink,
                                                   const std::string& hint = {});

/// As compile_expression, for one that must be true or false.
std::optional<expr::Expression> compile_condition(const TomlNode& node, const expr::Scope& scope,
                                                  DiagnosticSink& sink);

/// As compile_expression, for a sentence with expressions in braces.
std::optional<expr::Message> compile_message(const TomlNode& node, const expr::Scope& scope,
                                             DiagnosticSink& sink);

/// The value of an option as it is written; nothing for a list or a table.
std::optional<expr::Value> scalar_value(const TomlNode& node, DiagnosticSink& sink);

}  // namespace advisor
