#include "load/rule.h"

namespace advisor {

std::string to_text(const Operand& operand) {
  if (const auto* literal = std::get_if<TypedValue>(&operand)) return untyped(*literal).text();
  return std::string(std::get<expr::Expression>(operand).text());
}

}  // namespace advisor
