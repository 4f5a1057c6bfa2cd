#pragma once

#include <optional>
#include <type_traits>

#include "expr/value.h"

namespace advisor::expr {

inline bool is_numeric(Type type) {
  return type == Type::kInt || type == Type::kDouble;
}

inline bool is_list(Type type) {
  return type == Type::kIntList || type == Type::kDoubleList || type == Type::kStringList;
}

/// The type of the elements of a list; nothing for what is not a list.
inline std::optional<Type> element_of(Type list) {
  switch (list) {
    case Type::kIntList:
      return Type::kInt;
    case Type::kDoubleList:
      return Type::kDouble;
    case Type::kStringList:
      return Type::kString;
    default:
      return std::nullopt;
  }
}

/// The type of a list with such elements; nothing where the language has no such list.
inline std::optional<Type> list_of(Type element) {
  switch (element) {
    case Type::kInt:
      return Type::kIntList;
    case Type::kDouble:
      return Type::kDoubleList;
    case Type::kString:
      return Type::kStringList;
    default:
      return std::nullopt;
  }
}

/// Whether a value is one of that type: never true of Unknown and Failure.
inline bool has_type(const Value& value, Type type) {
  // Value and Type list the types in the same order.
  static_assert(std::is_same_v<std::variant_alternative_t<size_t(Type::kStringList), Value>,
                               std::vector<std::string>>);
  return value.index() == size_t(type);
}

}  // namespace advisor::expr
