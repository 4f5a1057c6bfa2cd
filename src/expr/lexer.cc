#include "expr/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "expr/double_text.h"

namespace advisor::expr {
namespace {

constexpr uint64_t kLargestMagnitude = uint64_t{1} << 63;

// Longer ones first: "<=" is not "<" and "=".
constexpr std::array<std::string_view, 22> kSymbols = {"&&", "||", "<=", ">=", "==", "!=", "<", ">",
                                                       "!",  "+",  "-",  "*",  "/",  "%",  "?", ":",
                                                       "(",  ")",  "[",  "]",  ",",  "."};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::variant<std::vector<Token>, CompileError> run() {
    std::vector<Token> tokens;
    constexpr size_t kBytesPerToken = 6;
    tokens.reserve(text_.size() / kBytesPerToken + 2);
    do {
      skip_blanks();
      token_ = Token{};
      token_.offset = at_;
      next();
      if (error_) return *error_;
      token_.text = text_.substr(token_.offset, at_ - token_.offset);
      tokens.push_back(std::move(token_));
    } while (tokens.back().kind != TokenKind::kEnd);
    return tokens;
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n\f", at_), text_.size()); }

  void fail(size_t offset, std::string message, std::string hint = {}) {
    error_ = CompileError{offset, std::move(message), std::move(hint)};
  }

  void next() {
    if (at_ == text_.size()) return;
    if (is_digit(peek())) {
      number();
    } else if (is_quote(peek())) {
      string();
    } else if (is_letter(peek())) {
      name();
    } else {
      symbol();
    }
  }

  void digits() {
    while (is_digit(peek())) ++at_;
  }

  void number() {
    const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    token_.kind = TokenKind::kInt;
    if (hex) {
      at_ += 2;
      while (is_hex_digit(peek())) ++at_;
    } else {
      decimal();
    }
    const std::string_view written = text_.substr(token_.offset, at_ - token_.offset);
    if (peek() == 'u' || peek() == 'U') {
      return fail(at_, "unsigned numbers are not supported", "leave the u out");
    }
    if (is_letter(peek()) || is_digit(peek()) || (hex && written.size() == 2)) {
      while (is_letter(peek()) || is_digit(peek())) ++at_;
      return fail(
          token_.offset,
          fmt::format("malformed number \"{}\"", text_.substr(token_.offset, at_ - token_.offset)),
          hex ? "" : "a number has neither unit nor separator");
    }
    if (token_.kind == TokenKind::kInt && !hex && written.size() > 1 && written[0] == '0') {
      return fail(token_.offset, fmt::format("\"{}\" begins with 0", written),
                  "the kernel would read it as octal; leave the 0 out");
    }
    if (token_.kind == TokenKind::kDouble) {
      read_double(written);
    } else {
      read_int(hex ? written.substr(2) : written, hex ? 16 : 10);
    }
  }

  void decimal() {
    digits();
    if (peek() == '.' && is_digit(peek(1))) {
      token_.kind = TokenKind::kDouble;
      ++at_;
      digits();
    }
    const size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      token_.kind = TokenKind::kDouble;
      at_ += 1 + sign;
      digits();
    }
  }

  void read_int(std::string_view digits, int base) {
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), token_.magnitude, base);
    if (result.ec == std::errc{} && token_.magnitude <= kLargestMagnitude) return;
    fail(token_.offset, "the number does not fit an int", "an int has 64 bits, one for the sign");
  }

  void read_double(std::string_view digits) {
    const std::optional<double> number = parse_double(digits);
    if (!number) fail(token_.offset, "the number does not fit a double");
    token_.number = number.value_or(0);
  }

  void string() {
    token_.kind = TokenKind::kString;
    const char quote = text_[at_++];
    for (; at_ < text_.size() && peek() != '\n' && peek() != '\r'; ++at_) {
      if (peek() == quote) {
        ++at_;
        return;
      }
      if (peek() == '\\') {
        if (!escape()) return;
      } else {
        token_.string += peek();
      }
    }
    fail(token_.offset, "the string has no closing quote");
  }

  bool escape() {
    switch (peek(1)) {
      case 'n':
        token_.string += '\n';
        break;
      case 't':
        token_.string += '\t';
        break;
      case '\\':
      case '"':
      case '\'':
        token_.string += peek(1);
        break;
      default:
        fail(at_, "unknown escape in a string", R"(the escapes are \\ \" \' \n \t)");
        return false;
    }
    ++at_;
    return true;
  }

  void name() {
    token_.kind = TokenKind::kName;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    if (is_quote(peek())) {
      fail(token_.offset, "strings with a prefix are not supported",
           "raw strings and bytes of CEL are left out: write a plain string");
    }
  }

  void symbol() {
    if (text_.substr(at_, 2) == "//") return fail(at_, "comments are not supported");
    if (peek() == '.' && is_digit(peek(1))) {
      return fail(at_, "unexpected \".\"", "a number starts with a digit: write 0.5, not .5");
    }
    for (const std::string_view symbol : kSymbols) {
      if (text_.substr(at_, symbol.size()) == symbol) {
        token_.kind = TokenKind::kSymbol;
        at_ += symbol.size();
        return;
      }
    }
    unexpected();
  }

  void unexpected() {
    const char c = peek();
    if (c < ' ' || c > '~') {
      return fail(at_, fmt::format("unexpected byte 0x{:02x}", static_cast<unsigned char>(c)),
                  "only ASCII may stand outside of strings");
    }
    std::string hint;
    if (c == '=' || c == '&' || c == '|') hint = fmt::format("write \"{}{}\"", c, c);
    if (c == '{' || c == '}') hint = "maps and messages of CEL are left out";
    fail(at_, fmt::format("unexpected \"{}\"", c), hint);
  }

  std::string_view text_;
  size_t at_ = 0;
  Token token_;
  std::optional<CompileError> error_;
};

}  // namespace

std::variant<std::vector<Token>, CompileError> tokenize(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace advisor::expr
