#include "expr/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "expr/lexer.h"
#include "expr/token_stream.h"

namespace advisor::expr {
namespace {

constexpr std::array<BinaryOperator, 14> kBinaryOperators = {{
    {"||", 1, Operator::kOr, "bool", "true if one side is"},
    {"&&", 2, Operator::kAnd, "bool", "true if both sides are"},
    {"<", 3, Operator::kLess, "numbers, string or bool", "less"},
    {"<=", 3, Operator::kLessEqual, "numbers, string or bool", "less or equal"},
    {">", 3, Operator::kGreater, "numbers, string or bool", "greater"},
    {">=", 3, Operator::kGreaterEqual, "numbers, string or bool", "greater or equal"},
    {"==", 3, Operator::kEqual, "numbers, or both of one type", "equal"},
    {"!=", 3, Operator::kNotEqual, "numbers, or both of one type", "not equal"},
    {"in", 3, Operator::kIn, "a value and a list of its type", "the list holds the value"},
    {"+", 4, Operator::kAdd, "int, double or string", "the sum, or one string after the other"},
    {"-", 4, Operator::kSubtract, "int or double", "the difference"},
    {"*", 5, Operator::kMultiply, "int or double", "the product"},
    {"/", 5, Operator::kDivide, "int or double", "the quotient; of int without its fraction"},
    {"%", 5, Operator::kRemainder, "int", "the remainder, with the sign of the left side"},
}};

// CEL keeps these words for itself; a name that is one of them would not be CEL.
constexpr std::array<std::string_view, 18> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",    "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while", "in"};

constexpr std::array<std::string_view, 4> kKeywords = {"true", "false", "null", "in"};

template <size_t kSize>
bool contains(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const BinaryOperator* binary_operator(const Token& token) {
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kName) return nullptr;
  const auto found =
      std::find_if(kBinaryOperators.begin(), kBinaryOperators.end(),
                   [&](const BinaryOperator& binary) { return binary.symbol == token.text; });
  return found == kBinaryOperators.end() ? nullptr : &*found;
}

/// Recursive descent. A rule returns nothing when it failed, and error_ says why.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::variant<NodePtr, CompileError> run() {
    NodePtr root = conditional();
    if (root && token().kind != TokenKind::kEnd) root = unexpected();
    if (!root) return *error_;
    return root;
  }

 private:
  using Rule = NodePtr (Parser::*)();

  const Token& token(size_t ahead = 0) const { return tokens_.peek(ahead); }

  bool accept(std::string_view symbol) { return tokens_.accept(symbol); }

  bool expect(std::string_view symbol) {
    if (accept(symbol)) return true;
    fail(token().offset, fmt::format("expected \"{}\", not {}", symbol, shown(token())));
    return false;
  }

  NodePtr fail(size_t offset, std::string message, std::string hint = {}) {
    error_ = CompileError{offset, std::move(message), std::move(hint)};
    return nullptr;
  }

  NodePtr too_deep(size_t offset) {
    return fail(offset, fmt::format("nested deeper than {} levels", kMaxDepth),
                "split the rule in two");
  }

  NodePtr unexpected() {
    if (token().kind == TokenKind::kEnd) {
      return fail(token().offset, "a value is missing at the end",
                  tokens_.follows("%") ? "\"%\" is the remainder; write a share as 0.5" : "");
    }
    std::string hint;
    if (token().text == "and") hint = "write \"&&\"";
    if (token().text == "or") hint = "write \"||\"";
    if (tokens_.follows("not")) hint = "write \"!\" for \"not\"";
    return fail(token().offset, "unexpected " + shown(token()), hint);
  }

  NodePtr nested(Rule rule) {
    if (depth_ == kMaxDepth) return too_deep(token().offset);
    ++depth_;
    NodePtr node = (this->*rule)();
    --depth_;
    return node;
  }

  /// A node from `start` to the last token that was consumed.
  NodePtr make(NodeKind kind, size_t start, std::vector<Node> children = {}) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->offset = start;
    node->at = start;
    node->length = tokens_.end() - start;
    node->children = std::move(children);
    for (const Node& child : node->children) {
      node->depth = std::max(node->depth, child.depth + 1);
    }
    // Long chains of operators are deep trees too, although the parser read them in a loop.
    if (node->depth > kMaxDepth) return too_deep(start);
    return node;
  }

  template <typename... Children>
  static std::vector<Node> list_of(Children... children) {
    std::vector<Node> list;
    (list.push_back(std::move(*children)), ...);
    return list;
  }

  NodePtr conditional() {
    const size_t start = token().offset;
    NodePtr condition = binary(1);
    const size_t at = token().offset;
    if (!condition || !accept("?")) return condition;
    // In CEL only the last branch is a whole expression: `a ? b ? c : d : e` needs parentheses.
    NodePtr then = binary(1);
    if (!then || !expect(":")) return nullptr;
    NodePtr otherwise = nested(&Parser::conditional);
    if (!otherwise) return nullptr;
    NodePtr node = make(NodeKind::kConditional, start,
                        list_of(std::move(condition), std::move(then), std::move(otherwise)));
    if (node) node->at = at;
    return node;
  }

  NodePtr binary(int least_precedence) {
    const size_t start = token().offset;
    NodePtr left = unary();
    while (left) {
      const BinaryOperator* binary_op = binary_operator(token());
      if (!binary_op || binary_op->precedence < least_precedence) break;
      const size_t at = token().offset;
      tokens_.advance();
      NodePtr right = binary(binary_op->precedence + 1);
      if (!right) return nullptr;
      left = make(NodeKind::kBinary, start, list_of(std::move(left), std::move(right)));
      if (!left) return nullptr;
      left->at = at;
      left->operation = binary_op->operation;
      left->symbol = binary_op->symbol;
    }
    return left;
  }

  NodePtr unary() {
    const size_t start = token().offset;
    const bool negate = token().is_symbol("-");
    if (!negate && !token().is_symbol("!")) return postfix();
    // The sign belongs to the literal: the smallest int has no positive counterpart.
    if (negate && is_number(token(1))) return postfix();
    tokens_.advance();
    NodePtr operand = nested(&Parser::unary);
    if (!operand) return nullptr;
    NodePtr node = make(NodeKind::kUnary, start, list_of(std::move(operand)));
    if (!node) return nullptr;
    node->operation = negate ? Operator::kNegate : Operator::kNot;
    node->symbol = negate ? "-" : "!";
    return node;
  }

  NodePtr postfix() {
    const size_t start = token().offset;
    NodePtr node = primary();
    while (node && (token().is_symbol("[") || token().is_symbol("."))) {
      const bool index_follows = token().is_symbol("[");
      node = index_follows ? index(start, std::move(node)) : method(start, std::move(node));
    }
    return node;
  }

  NodePtr index(size_t start, NodePtr list) {
    const size_t at = token().offset;
    tokens_.advance();
    if (token().kind != TokenKind::kInt || !token(1).is_symbol("]")) {
      return fail(token().offset, "an index must be a constant int, from 0",
                  "there are no computed indexes and no maps");
    }
    if (token().magnitude > uint64_t{INT64_MAX}) return number_too_large();
    const auto position = static_cast<int64_t>(token().magnitude);
    tokens_.advance();
    tokens_.advance();
    NodePtr node = make(NodeKind::kIndex, start, list_of(std::move(list)));
    if (!node) return nullptr;
    node->at = at;
    node->index = position;
    return node;
  }

  NodePtr method(size_t start, NodePtr receiver) {
    tokens_.advance();
    if (token().kind != TokenKind::kName || contains(kKeywords, token().text)) {
      return fail(token().offset, "expected a name after \".\", not " + shown(token()));
    }
    const size_t at = token().offset;
    std::string name(token().text);
    tokens_.advance();
    NodePtr node = call(start, at, std::move(name), list_of(std::move(receiver)));
    if (node) node->is_method = true;
    return node;
  }

  NodePtr call(size_t start, size_t at, std::string name, std::vector<Node> arguments) {
    if (!expect("(") || !elements(")", arguments)) return nullptr;
    NodePtr node = make(NodeKind::kCall, start, std::move(arguments));
    if (!node) return nullptr;
    node->at = at;
    node->name = std::move(name);
    return node;
  }

  /// Expressions with commas between them, and the bracket that ends them.
  bool elements(std::string_view closing, std::vector<Node>& children) {
    if (accept(closing)) return true;
    do {
      NodePtr child = nested(&Parser::conditional);
      if (!child) return false;
      children.push_back(std::move(*child));
    } while (accept(","));
    return expect(closing);
  }

  NodePtr primary() {
    const size_t start = token().offset;
    if (is_number(token()) || token().is_symbol("-")) return number();
    if (token().kind == TokenKind::kString) return literal(start, token().string);
    if (token().kind == TokenKind::kName) return word();
    if (accept("(")) {
      NodePtr inner = nested(&Parser::conditional);
      if (!inner || !expect(")")) return nullptr;
      return inner;
    }
    if (accept("[")) {
      std::vector<Node> children;
      if (!elements("]", children)) return nullptr;
      return make(NodeKind::kList, start, std::move(children));
    }
    return unexpected();
  }

  static bool is_number(const Token& token) {
    return token.kind == TokenKind::kInt || token.kind == TokenKind::kDouble;
  }

  NodePtr literal(size_t start, Value value) {
    tokens_.advance();
    NodePtr node = make(NodeKind::kLiteral, start);
    node->literal = std::move(value);
    return node;
  }

  NodePtr number() {
    const size_t start = token().offset;
    const bool negative = accept("-");
    if (token().kind == TokenKind::kDouble) {
      return literal(start, negative ? -token().number : token().number);
    }
    const uint64_t magnitude = token().magnitude;
    if (!negative && magnitude > uint64_t{INT64_MAX}) return number_too_large();
    return literal(start, static_cast<int64_t>(negative ? 0 - magnitude : magnitude));
  }

  NodePtr number_too_large() {
    return fail(token().offset, "the number does not fit an int",
                "an int has 64 bits, one for the sign");
  }

  NodePtr word() {
    const size_t start = token().offset;
    const std::string_view text = token().text;
    if (text == "true" || text == "false") return literal(start, text == "true");
    if (text == "null") return fail(start, "null is not supported");
    if (contains(kReserved, text)) return fail(start, "unexpected " + shown(token()));
    std::string name(text);
    tokens_.advance();
    if (token().is_symbol("(")) return call(start, start, std::move(name), {});
    while (token().is_symbol(".") && token(1).kind == TokenKind::kName &&
           !contains(kKeywords, token(1).text)) {
      const bool called = token(2).is_symbol("(");
      if (called && name != "math") break;
      tokens_.advance();
      name += "." + std::string(token().text);
      tokens_.advance();
      if (called) return call(start, start, std::move(name), {});
    }
    if (name == "sysctl" && !parameter(name)) return nullptr;
    NodePtr node = make(NodeKind::kName, start);
    node->name = std::move(name);
    return node;
  }

  /// The bracket after `sysctl`, which makes it the name of a parameter.
  bool parameter(std::string& name) {
    const std::string hint = "write sysctl[\"net.core.somaxconn\"] or sysctl.net.core.somaxconn";
    if (!token().is_symbol("[")) {
      fail(token().offset, "sysctl needs the name of a parameter", hint);
      return false;
    }
    tokens_.advance();
    if (token().kind != TokenKind::kString) {
      fail(token().offset, "a parameter must be named by a string in quotes", hint);
      return false;
    }
    name += "." + token().string;
    tokens_.advance();
    return expect("]");
  }

  TokenStream tokens_;
  int depth_ = 0;
  std::optional<CompileError> error_;
};

}  // namespace

std::span<const BinaryOperator> binary_operators() {
  return kBinaryOperators;
}

std::variant<NodePtr, CompileError> parse(std::string_view text) {
  if (text.size() > kMaxLength) {
    return CompileError{kMaxLength,
                        fmt::format("the expression is longer than {} bytes", kMaxLength),
                        "split the rule in two"};
  }
  auto tokens = tokenize(text);
  if (const auto* error = std::get_if<CompileError>(&tokens)) return *error;
  auto& list = *std::get_if<std::vector<Token>>(&tokens);
  if (list.size() == 1) return CompileError{0, "the expression is empty", {}};
  return Parser(std::move(list)).run();
}

}  // namespace advisor::expr
