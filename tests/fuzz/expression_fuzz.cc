// Any text as a condition: compiled, and evaluated on whatever values.

#include "expr/ast.h"
#include "expr/expression.h"
#include "expr/format.h"
#include "expr/types.h"
#include "fuzz/fuzzing.h"

using namespace advisor;
using namespace advisor::fuzz;
using expr::Expression;

namespace {

void evaluate(const Expression& expression, const DrawnNames& names) {
  const expr::Evaluation evaluation = expression.evaluate(names);
  const expr::Value& value = evaluation.value;
  const std::string shown = to_text(value);

  require(is_unknown(value) || is_failure(value) || has_type(value, expression.type()),
          "the value has the type of the expression");
  require(shown.size() <= (expression.text().size() + 1) * 4 * kLongestDrawn,
          "the value is not much longer than its expression");
  require(shown == to_text(expression.evaluate(names).value), "the same names, the same value");
  require(evaluation.observations.size() <= expression.text().size(), "each part is seen once");
  for (const expr::Observation& seen : evaluation.observations) {
    require(expression.text().view().find(seen.expression) != std::string_view::npos,
            "what was seen is a part of the expression");
  }
  for (const auto style : {expr::Style::kPlain, expr::Style::kPercent, expr::Style::kDuration,
                           expr::Style::kBytes, expr::Style::kRaw}) {
    format(value, style);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text = text_of(bytes, size);
  const DrawnNames scope(text);

  const auto compiled = Expression::compile(text, scope);
  const auto again = Expression::compile(text, scope);

  require(compiled.index() == again.index(), "the same text, the same outcome");
  if (const auto* error = std::get_if<expr::CompileError>(&compiled)) {
    require(*error == std::get<expr::CompileError>(again), "the same text, the same error");
    require(!error->message.empty(), "an error says something");
    require(error->offset <= text.size(), "an error is in the text");
    return 0;
  }
  const auto& expression = std::get<Expression>(compiled);
  require(text.size() <= expr::kMaxLength, "what compiles is within the limit");
  require(expression.names() == std::get<Expression>(again).names(),
          "the same text, the same names");
  for (const char* draw : {"1", "2", "3", "4"}) evaluate(expression, DrawnNames(draw + text));
  return 0;
}
