#pragma once

#include "base/packed.h"
#include "expr/ast.h"
#include "expr/expression.h"
#include "expr/functions.h"
#include "expr/message.h"

// Compiled expressions and messages as bytes. What only the parser and the checker need to say
// what is wrong is left out.

namespace advisor::expr {

template <typename Archive>
void fields(Archive& archive, Unknown& unknown) {
  archive(unknown.missing);
}

template <typename Archive>
void fields(Archive& archive, Failure& failure) {
  archive(failure.message);
}

/// By the place among functions().
template <typename Archive>
void function_field(Archive& archive, const Function*& function) {
  size_t place = 0;
  if constexpr (!Archive::kReads) place = size_t(function - functions().data());
  archive(place);
  if constexpr (Archive::kReads) function = &functions()[place];
}

template <typename Archive>
void fields(Archive& archive, Node& node) {
  archive(node.kind, node.offset, node.length, node.type, node.children);
  switch (node.kind) {
    case NodeKind::kLiteral:
      return archive(node.literal);
    case NodeKind::kName:
      return archive(node.name);
    case NodeKind::kUnary:
    case NodeKind::kBinary:
      return archive(node.operation);
    case NodeKind::kIndex:
      return archive(node.index);
    case NodeKind::kCall:
      return function_field(archive, node.function);
    case NodeKind::kList:
    case NodeKind::kConditional:
      break;
  }
}

template <typename Archive>
void fields(Archive& archive, Expression& expression) {
  archive(expression.text_, expression.type_, expression.names_);
  if constexpr (Archive::kReads) {
    auto root = std::make_unique<Node>();
    archive(*root);
    expression.root_ = std::move(root);
  } else {
    archive(const_cast<Node&>(*expression.root_));
  }
}

/// Few rules come to say anything, so a message stays packed until it is asked for.
template <typename Archive>
void fields(Archive& archive, Message& message) {
  if constexpr (Archive::kReads) {
    message.packed_ = archive.skip_apart();
  } else {
    auto parts = message.parts();
    archive.apart(parts);
  }
}

template <typename Archive>
void fields(Archive& archive, Message::Part& part) {
  archive(part.text, part.expression, part.style);
}

}  // namespace advisor::expr
