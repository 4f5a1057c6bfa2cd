#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "expr/expression.h"

namespace advisor::expr {

/// How a value in a message is written for a person.
enum class Style {
  kPlain,     ///< int in groups of three digits, double with about three significant digits
  kPercent,   ///< 0.973 -> "97 %"
  kDuration,  ///< seconds -> "2 s", "3 min", "1.5 h", "40 ms"
  kBytes,     ///< 4194304 -> "4 MiB"
  kRaw,       ///< digits only: for values that go into a parameter or a command
};

/// A style as it is written after the bar; kPlain has no name.
struct StyleName {
  std::string_view name;
  Style style;
  std::string_view summary;  ///< one line of documentation
};

/// All of them, in the order of the manual.
std::span<const StyleName> styles();

/// A sentence with expressions in braces: "{ports.busiest.destination} holds {x | percent}".
/// `{{` and `}}` stand for the braces themselves.
class Message {
 public:
  static std::variant<Message, CompileError> compile(std::string_view text, const Scope& scope,
                                                     Guesses guesses = Guesses::kMade);

  /// The sentence with every expression replaced by its value; "?" where it is unknown or fails.
  std::string fill(const Bindings& bindings) const;

  /// The names that its expressions speak of; a name may come more than once.
  std::vector<std::string> names() const;

 private:
  struct Part {
    SharedText text;
    std::vector<Expression> expression;  ///< none or one
    Style style = Style::kPlain;
  };
  template <typename Archive>
  friend void fields(Archive& archive, Message& message);
  template <typename Archive>
  friend void fields(Archive& archive, Message::Part& part);

  std::vector<Part> parts() const;

  SharedText packed_;  ///< of the parts
};

}  // namespace advisor::expr
