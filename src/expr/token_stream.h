#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "expr/lexer.h"

namespace advisor::expr {

/// The tokens of an expression, read from the first to the last, which is kEnd and stays.
class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  /// The token that is next, or one further ahead.
  const Token& peek(size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }

  /// Whether the token before the next one is written so.
  bool follows(std::string_view text) const { return next_ > 0 && tokens_[next_ - 1].text == text; }

  void advance() {
    end_ = peek().end();
    if (next_ + 1 < tokens_.size()) ++next_;
  }

  /// Advances over that symbol, if it is next.
  bool accept(std::string_view symbol) {
    if (!peek().is_symbol(symbol)) return false;
    advance();
    return true;
  }

  /// Where the last token that was advanced over ends.
  size_t end() const { return end_; }

 private:
  std::vector<Token> tokens_;
  size_t next_ = 0;
  size_t end_ = 0;
};

/// A token in an error message.
std::string shown(const Token& token);

}  // namespace advisor::expr
