#include "load/expression_reader.h"

#include <fmt/format.h>

namespace advisor {
namespace {

/// `what` names the kind of text in messages, and `hint` is the way out where the compiler has
/// none.
template <typename Compiled>
std::optional<Compiled> compile(const TomlNode& node, const char* what, const expr::Scope& scope,
                                DiagnosticSink& sink, const std::string& hint = {}) {
  const auto* text = node.as<std::string>();
  if (!text) {
    sink.error(node.where, fmt::format("{} must be text, not {}", what, node.kind()));
    return std::nullopt;
  }
  const auto guesses = sink.may_guess() ? expr::Guesses::kMade : expr::Guesses::kLeftOut;
  auto compiled = Compiled::compile(*text, scope, guesses);
  if (const auto* failure = std::get_if<expr::CompileError>(&compiled)) {
    sink.error(location_within(node, failure->offset, sink.source()), failure->message,
               failure->hint.empty() ? hint : failure->hint);
    return std::nullopt;
  }
  return std::get<Compiled>(std::move(compiled));
}

}  // namespace

std::optional<expr::Expression> compile_expression(const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink, const std::string& hint) {
  return compile<expr::Expression>(node, "an expression", scope, sink, hint);
}

std::optional<expr::Expression> compile_condition(const TomlNode& node, const expr::Scope& scope,
                                                  DiagnosticSink& sink) {
  auto condition = compile_expression(node, scope, sink);
  if (!condition || condition->type() == expr::Type::kBool) return condition;
  sink.error(node.where, fmt::format("a condition must be true or false, but this is of type {}",
                                     expr::to_text(condition->type())));
  return std::nullopt;
}

std::optional<expr::Message> compile_message(const TomlNode& node, const expr::Scope& scope,
                                             DiagnosticSink& sink) {
  return compile<expr::Message>(node, "a sentence", scope, sink);
}

std::optional<expr::Value> scalar_value(const TomlNode& node, DiagnosticSink& sink) {
  if (const auto* flag = node.as<bool>()) return *flag;
  if (const auto* whole = node.as<int64_t>()) return *whole;
  if (const auto* real = node.as<double>()) return *real;
  if (const auto* text = node.as<std::string>()) return *text;
  sink.error(node.where, fmt::format("an option cannot be {}", node.kind()));
  return std::nullopt;
}

}  // namespace advisor
