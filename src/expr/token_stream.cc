#include "expr/token_stream.h"

#include <fmt/format.h>

namespace advisor::expr {

std::string shown(const Token& token) {
  if (token.kind == TokenKind::kEnd) return "the end";
  if (token.kind == TokenKind::kString) return std::string(token.text);
  return fmt::format("\"{}\"", token.text);
}

}  // namespace advisor::expr
