#include "expr/expression.h"

#include "expr/checker.h"
#include "expr/evaluator.h"
#include "expr/packed_expression.h"
#include "expr/parser.h"

namespace advisor::expr {

std::variant<Expression, CompileError> Expression::compile(std::string_view text,
                                                           const Scope& scope, Guesses guesses) {
  auto parsed = parse(text);
  if (const auto* error = std::get_if<CompileError>(&parsed)) return *error;
  Node& root = **std::get_if<NodePtr>(&parsed);
  auto checked = check(root, scope, guesses);
  if (const auto* error = std::get_if<CompileError>(&checked)) return *error;
  PackedWriter writer;
  writer(root.type, text);
  writer.apart(*std::get_if<std::vector<std::string>>(&checked));
  writer.apart(root);
  Expression expression;
  expression.packed_ = SharedText(writer.bytes());
  return expression;
}

SharedText Expression::kept(std::string_view part) const {
  return packed_.part(size_t(part.data() - packed_.view().data()), part.size());
}

Expression::Parts Expression::parts() const {
  Parts parts;
  if (packed_.view().empty()) return parts;
  PackedReader(packed_.view())(parts.type, parts.text, parts.names, parts.tree);
  return parts;
}

std::vector<std::string> Expression::names() const {
  std::vector<std::string> names;
  const std::string_view packed = parts().names;
  if (!packed.empty()) PackedReader{packed}(names);
  return names;
}

Evaluation Expression::evaluate(const Bindings& bindings) const {
  const Parts read = parts();
  return expr::evaluate(read.tree, kept(read.text), bindings);
}

Value Expression::value(const Bindings& bindings) const {
  return value_of(parts().tree, bindings);
}

}  // namespace advisor::expr
