#pragma once

#include "base/packed_archive.h"
#include "expr/ast.h"
#include "expr/expression.h"
#include "expr/functions.h"
#include "expr/message.h"

// What an expression and a message are compiled to: bytes, made once and read where they lie. What
// the parser and the checker need only for their errors is left out.

namespace advisor::expr {

template <typename Archive>
void fields(Archive& archive, Unknown& unknown) {
  archive(unknown.missing);
}

template <typename Archive>
void fields(Archive& archive, Failure& failure) {
  archive(failure.message);
}

/// A function is written as its place among functions().
template <typename Archive>
void function_field(Archive& archive, const Function*& function) {
  size_t place = 0;
  if constexpr (!Archive::kReads) place = size_t(function - functions().data());
  archive(place);
  if constexpr (Archive::kReads) function = &functions()[place];
}

template <typename Archive>
void fields(Archive& archive, NodeHead& head) {
  archive(head.kind, head.offset, head.length, head.type);
  switch (head.kind) {
    case NodeKind::kUnary:
    case NodeKind::kBinary:
      return archive(head.operation);
    case NodeKind::kIndex:
      return archive(head.index);
    case NodeKind::kCall:
      return function_field(archive, head.function);
    case NodeKind::kLiteral:
    case NodeKind::kName:
    case NodeKind::kList:
    case NodeKind::kConditional:
      break;
  }
}

/// The head, then what it is made of: the literal, the name, or how many children and each apart,
/// so that one can be passed over. Only the evaluator reads it, where it lies.
inline void fields(PackedWriter& writer, Node& node) {
  writer(static_cast<NodeHead&>(node));
  if (node.kind == NodeKind::kLiteral) return writer(node.literal);
  if (node.kind == NodeKind::kName) return writer(node.name);
  size_t count = node.children.size();
  writer(count);
  for (Node& child : node.children) writer.apart(child);
}

template <typename Archive>
void fields(Archive& archive, Expression& expression) {
  archive(expression.packed_);
}

template <typename Archive>
void fields(Archive& archive, Message& message) {
  archive(message.packed_);
}

template <typename Archive>
void fields(Archive& archive, Message::Part& part) {
  archive(part.text, part.expression, part.style);
}

}  // namespace advisor::expr
