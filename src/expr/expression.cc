#include "expr/expression.h"

#include "expr/ast.h"
#include "expr/checker.h"
#include "expr/evaluator.h"
#include "expr/parser.h"

namespace advisor::expr {

std::variant<Expression, CompileError> Expression::compile(std::string_view text,
                                                           const Scope& scope) {
  auto parsed = parse(text);
  if (const auto* error = std::get_if<CompileError>(&parsed)) return *error;
  NodePtr& root = *std::get_if<NodePtr>(&parsed);
  auto checked = check(*root, scope);
  if (const auto* error = std::get_if<CompileError>(&checked)) return *error;
  Expression expression;
  expression.text_ = text;
  expression.type_ = root->type;
  expression.names_ = std::move(*std::get_if<std::vector<std::string>>(&checked));
  expression.root_ = std::move(root);
  return expression;
}

Evaluation Expression::evaluate(const Bindings& bindings) const {
  return expr::evaluate(*root_, text_, bindings);
}

}  // namespace advisor::expr
