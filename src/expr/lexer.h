#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "expr/expression.h"

namespace advisor::expr {

enum class TokenKind { kEnd, kName, kInt, kDouble, kString, kSymbol };

/// A piece of an expression that has a meaning of its own.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t offset = 0;
  std::string_view text;   ///< as written
  uint64_t magnitude = 0;  ///< of an int, at most 2^63: its sign is another token
  double number = 0;       ///< of a double
  std::string string;      ///< of a string, without quotes and escapes

  size_t end() const { return offset + text.size(); }
  bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
};

/// The tokens of an expression, the last of them kEnd. They refer to `text`.
std::variant<std::vector<Token>, CompileError> tokenize(std::string_view text);

}  // namespace advisor::expr
