#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/value.h"

namespace advisor::expr {

struct Function;

enum class Operator {
  kNot,
  kNegate,
  kMultiply,
  kDivide,
  kRemainder,
  kAdd,
  kSubtract,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kIn,
  kAnd,
  kOr,
};

enum class NodeKind {
  kLiteral,      ///< `literal`
  kList,         ///< the children in brackets
  kName,         ///< `name`, with "sysctl." before that of a parameter
  kUnary,        ///< `operation` on one child
  kBinary,       ///< `operation` on two children
  kConditional,  ///< condition, then, else
  kIndex,        ///< element `index` of the child
  kCall,         ///< `name` on the children; of a method the receiver is the first child
};

/// What the evaluation of a sub-expression needs to know of it, besides what it is made of.
struct NodeHead {
  NodeKind kind = NodeKind::kLiteral;
  size_t offset = 0;                   ///< of its first byte in the text
  size_t length = 0;                   ///< of its text
  Type type{};                         ///< set by the checker
  Operator operation{};                ///< of kUnary and kBinary
  int64_t index = 0;                   ///< of kIndex
  const Function* function = nullptr;  ///< of kCall, set by the checker
};

/// One sub-expression, for the parser and the checker. Trees are at most kMaxDepth deep, so walking
/// them by recursion is safe.
struct Node : NodeHead {
  size_t at = 0;            ///< where an error about it points
  int depth = 0;            ///< of the tree below it
  std::string_view symbol;  ///< how the operator is written
  Value literal;
  std::string name;
  bool is_method = false;
  std::vector<Node> children;
};

using NodePtr = std::unique_ptr<Node>;

inline constexpr size_t kMaxLength = 4096;
inline constexpr int kMaxDepth = 64;

}  // namespace advisor::expr
