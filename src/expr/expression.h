#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/packed_archive.h"
#include "expr/value.h"

namespace advisor::expr {

/// What an expression may speak of: the names and their types. `sysctl["a.b"]` and `sysctl.a.b`
/// both ask for the name "sysctl.a.b".
class Scope {
 public:
  virtual ~Scope() = default;
  virtual std::optional<Type> type_of(const std::string& name) const = 0;
  /// How many elements a list always has; nothing if that is not known.
  virtual std::optional<size_t> size_of(const std::string&) const { return std::nullopt; }
  /// Every name, for "did you mean".
  virtual std::vector<std::string> names() const = 0;
};

/// The values behind the names of a Scope, for one evaluation.
class Bindings {
 public:
  virtual ~Bindings() = default;
  /// Must answer for every name its Scope knows; Unknown where it could not be read.
  virtual Value value_of(std::string_view name) const = 0;
};

/// Whether an unknown name is told with the nearest known one, which takes a while to find.
enum class Guesses { kMade, kLeftOut };

/// Why a text is not an expression: where (bytes from the start of the text), what, the way out.
struct CompileError {
  size_t offset = 0;
  std::string message;
  std::string hint;
  bool operator==(const CompileError&) const = default;
};

/// One name, or one comparison, with the value it had: what a finding shows as evidence.
struct Observation {
  SharedText expression;
  Value value;
  bool operator==(const Observation&) const = default;
};

/// The value, and that of every sub-expression that is not a literal, in order of evaluation.
struct Evaluation {
  Value value;
  std::vector<Observation> observations;
};

/// A parsed and type-checked condition. Immutable, cheap to copy.
class Expression {
 public:
  /// An empty expression, which must not be evaluated.
  Expression() = default;
  /// Limits: 4 KiB of text, nesting depth 64.
  static std::variant<Expression, CompileError> compile(std::string_view text, const Scope& scope,
                                                        Guesses guesses = Guesses::kMade);

  /// As it was written.
  SharedText text() const { return kept(parts().text); }
  Type type() const { return parts().type; }
  /// The names it speaks of, sorted, each once.
  std::vector<std::string> names() const;

  /// Always ends: the language has no loops. Each sub-expression is evaluated at most once.
  Evaluation evaluate(const Bindings& bindings) const;
  /// What evaluate() gives as the value, without noting what led to it.
  Value value(const Bindings& bindings) const;

 private:
  template <typename Archive>
  friend void fields(Archive& archive, Expression& expression);

  /// What the bytes hold, in this order.
  struct Parts {
    Type type{};
    std::string_view text;
    std::string_view names;  ///< packed
    std::string_view tree;   ///< packed
  };
  Parts parts() const;
  /// What lies within the bytes, and stays as long as they do.
  SharedText kept(std::string_view part) const;

  SharedText packed_;
};

}  // namespace advisor::expr
