#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/value.h"

namespace advisor::expr {

/// A function of the language: what it is called with, what it returns, and how.
struct Function {
  std::string_view name;       ///< as written before the parenthesis
  bool is_method;              ///< written after a value and a dot, which is its first argument
  std::string_view arguments;  ///< for a person; of a method without the first
  std::string_view result;     ///< for a person
  std::string_view summary;    ///< one line of documentation
  /// The type of the result, if it takes such arguments.
  std::optional<Type> (*check)(std::span<const Type> arguments);
  /// On known values of types that `check` accepted.
  Value (*evaluate)(std::span<const Value> arguments);
};

/// Every function, in the order of the manual.
std::span<const Function> functions();

/// The function or method of that name; null if there is none.
const Function* find_function(std::string_view name, bool is_method);

}  // namespace advisor::expr
