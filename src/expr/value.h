#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace advisor::expr {

/// The types of the condition language: those of CEL that it needs. A list holds one type.
enum class Type { kBool, kInt, kDouble, kString, kIntList, kDoubleList, kStringList };

/// "bool", "int", "double", "string", "list(int)" ...
std::string to_text(Type type);

/// What could not be read; absorbed by `&&` and `||` when the other side decides.
struct Unknown {
  std::vector<std::string> missing;  ///< each says what was missing, in words for a person
  bool operator==(const Unknown&) const = default;
};

/// A computation that has no result (division by zero, overflow, index out of range).
struct Failure {
  std::string message;
  bool operator==(const Failure&) const = default;
};

/// What an expression evaluates to.
using Value = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>,
                           std::vector<double>, std::vector<std::string>, Unknown, Failure>;

/// As the language would write it: `true`, `42`, `0.5`, `"eth0"`, `[1, 2]`; unknown and failure
/// are shown as "unknown (what was missing)" and "error (why)".
std::string to_text(const Value& value);

inline bool is_unknown(const Value& value) {
  return std::holds_alternative<Unknown>(value);
}
inline bool is_failure(const Value& value) {
  return std::holds_alternative<Failure>(value);
}

}  // namespace advisor::expr
