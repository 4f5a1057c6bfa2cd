#include "expr/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "expr/functions.h"
#include "expr/types.h"

namespace advisor::expr {
namespace {

constexpr std::string_view kParameterPrefix = "sysctl.";
constexpr std::string_view kOptionPrefix = "option.";

constexpr std::array<std::string_view, 6> kMacros = {"has",        "all", "exists",
                                                     "exists_one", "map", "filter"};

/// The way out where two types do not go together.
std::string conversion_hint(Type left, Type right) {
  if (is_list(left) || is_list(right)) return "take one element of the list, as in list[0]";
  if (left == Type::kBool || right == Type::kBool) return {};
  if (is_numeric(left) && is_numeric(right)) return "convert one side with double(...)";
  if (left == right) return {};
  const Type number = is_numeric(left) ? left : right;
  return fmt::format("convert one side with {}(...) or string(...)", to_text(number));
}

std::optional<Type> arithmetic_type(Operator operation, Type left, Type right) {
  if (left != right) return std::nullopt;
  switch (operation) {
    case Operator::kRemainder:
      return left == Type::kInt ? std::optional(Type::kInt) : std::nullopt;
    case Operator::kAdd:
      return is_numeric(left) || left == Type::kString ? std::optional(left) : std::nullopt;
    default:
      return is_numeric(left) ? std::optional(left) : std::nullopt;
  }
}

/// The type of the result, if the operator takes such operands.
std::optional<Type> binary_type(Operator operation, Type left, Type right) {
  const bool comparable = left == right || (is_numeric(left) && is_numeric(right));
  bool accepted = false;
  switch (operation) {
    case Operator::kAnd:
    case Operator::kOr:
      accepted = left == Type::kBool && right == Type::kBool;
      break;
    case Operator::kEqual:
    case Operator::kNotEqual:
      accepted = comparable;
      break;
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
      accepted = comparable && !is_list(left);
      break;
    case Operator::kIn:
      accepted = element_of(right) == left;
      break;
    default:
      return arithmetic_type(operation, left, right);
  }
  return accepted ? std::optional(Type::kBool) : std::nullopt;
}

std::string operand_hint(Operator operation, Type left, Type right) {
  switch (operation) {
    case Operator::kAnd:
    case Operator::kOr:
      return "both sides must be bool";
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
      if (left == Type::kBool) return "join two comparisons with \"&&\"";
      return conversion_hint(left, right);
    case Operator::kEqual:
    case Operator::kNotEqual:
      if (left == Type::kBool || right == Type::kBool) return "a bool needs no comparison";
      return conversion_hint(left, right);
    case Operator::kIn:
      if (right == Type::kString) return "for a part of a string write string.contains(string)";
      return is_list(right) ? fmt::format("the list must hold {}", to_text(left))
                            : "the right side must be a list";
    case Operator::kRemainder:
      return "both sides must be int";
    default:
      return conversion_hint(left, right);
  }
}

class Checker {
 public:
  Checker(const Scope& scope, Guesses guesses) : scope_(scope), guesses_(guesses) {}

  std::variant<std::vector<std::string>, CompileError> run(Node& root) {
    if (!check(root)) return *error_;
    return std::vector<std::string>(names_.begin(), names_.end());
  }

 private:
  bool check(Node& node) {
    for (Node& child : node.children) {
      if (!check(child)) return false;
    }
    switch (node.kind) {
      case NodeKind::kLiteral:
        node.type = static_cast<Type>(node.literal.index());
        return true;
      case NodeKind::kList:
        return check_list(node);
      case NodeKind::kName:
        return check_name(node);
      case NodeKind::kUnary:
        return check_unary(node);
      case NodeKind::kBinary:
        return check_binary(node);
      case NodeKind::kConditional:
        return check_conditional(node);
      case NodeKind::kIndex:
        return check_index(node);
      case NodeKind::kCall:
        return check_call(node);
    }
    return false;
  }

  bool fail(size_t offset, std::string message, std::string hint = {}) {
    error_ = CompileError{offset, std::move(message), std::move(hint)};
    return false;
  }

  bool check_list(Node& node) {
    if (node.children.empty()) {
      return fail(node.at, "an empty list has no type", "lists have at least one element");
    }
    const Type first = node.children[0].type;
    const std::optional<Type> type = list_of(first);
    if (!type) return fail(node.at, fmt::format("a list cannot hold {}", to_text(first)));
    for (const Node& child : node.children) {
      if (child.type != first) {
        return fail(child.offset, fmt::format("a list cannot hold {} and {}", to_text(first),
                                              to_text(child.type)));
      }
    }
    node.type = *type;
    return true;
  }

  bool check_name(Node& node) {
    const std::optional<Type> type = scope_.type_of(node.name);
    if (!type) return unknown_name(node);
    node.type = *type;
    names_.insert(node.name);
    return true;
  }

  bool unknown_name(const Node& node) {
    if (node.name.starts_with(kParameterPrefix)) return unknown_parameter(node);
    if (node.name.starts_with(kOptionPrefix)) return unknown_option(node);
    const std::string message = fmt::format("unknown fact \"{}\"", node.name);
    std::string hint;
    if (scope_.type_of(std::string(kParameterPrefix) + node.name)) {
      hint = did_you_mean(std::string(kParameterPrefix) + node.name);
    } else if (guesses_ == Guesses::kLeftOut) {
      return fail(node.at, message);
    } else {
      hint = did_you_mean(node.name, scope_.names());
    }
    return fail(node.at, message, hint);
  }

  /// The known names that begin so, without that beginning.
  std::vector<std::string> names_with(std::string_view prefix) const {
    std::vector<std::string> names;
    for (const std::string& name : scope_.names()) {
      if (name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
    }
    return names;
  }

  bool unknown_option(const Node& node) {
    const std::string written = node.name.substr(kOptionPrefix.size());
    const std::string message = fmt::format("unknown option \"{}\"", written);
    if (guesses_ == Guesses::kLeftOut) return fail(node.at, message);
    const std::vector<std::string> options = names_with(kOptionPrefix);
    std::string hint = "there are no options here";
    if (!options.empty()) hint = "the options here are " + join(options, ", ");
    if (const auto nearest = nearest_name(written, options)) {
      hint = did_you_mean(std::string(kOptionPrefix) + *nearest);
    }
    return fail(node.at, message, hint);
  }

  bool unknown_parameter(const Node& node) {
    const std::string written = node.name.substr(kParameterPrefix.size());
    const std::string message = fmt::format("unknown parameter \"{}\"", written);
    if (guesses_ == Guesses::kLeftOut) return fail(node.at, message);
    return fail(node.at, message, did_you_mean(written, names_with(kParameterPrefix)));
  }

  bool check_unary(Node& node) {
    const Type operand = node.children[0].type;
    const bool accepted =
        node.operation == Operator::kNot ? operand == Type::kBool : is_numeric(operand);
    node.type = operand;
    if (accepted) return true;
    return fail(node.at, fmt::format("\"{}\" cannot take {}", node.symbol, to_text(operand)),
                node.operation == Operator::kNot ? "it must be bool" : "it must be a number");
  }

  bool check_binary(Node& node) {
    const Type left = node.children[0].type;
    const Type right = node.children[1].type;
    const std::optional<Type> type = binary_type(node.operation, left, right);
    if (!type) {
      return fail(
          node.at,
          fmt::format("\"{}\" cannot take {} and {}", node.symbol, to_text(left), to_text(right)),
          operand_hint(node.operation, left, right));
    }
    node.type = *type;
    return true;
  }

  bool check_conditional(Node& node) {
    const Type condition = node.children[0].type;
    const Type then = node.children[1].type;
    const Type otherwise = node.children[2].type;
    if (condition != Type::kBool) {
      return fail(node.at, fmt::format("the condition before \"?\" must be bool, not {}",
                                       to_text(condition)));
    }
    if (then != otherwise) {
      return fail(
          node.at,
          fmt::format("\"?:\" cannot choose between {} and {}", to_text(then), to_text(otherwise)),
          conversion_hint(then, otherwise));
    }
    node.type = then;
    return true;
  }

  bool check_index(Node& node) {
    const Type list = node.children[0].type;
    const std::optional<Type> element = element_of(list);
    if (!element) return fail(node.at, fmt::format("\"[]\" needs a list, not {}", to_text(list)));
    const Node& indexed = node.children[0];
    const auto size = indexed.kind == NodeKind::kName ? scope_.size_of(indexed.name) : std::nullopt;
    if (size && node.index >= int64_t(*size)) {
      return fail(node.at,
                  fmt::format("{} has {} elements, and no [{}]", indexed.name, *size, node.index),
                  fmt::format("the last one is [{}]", *size - 1));
    }
    node.type = *element;
    return true;
  }

  bool check_call(Node& node) {
    node.function = find_function(node.name, node.is_method);
    if (!node.function) return unknown_function(node);
    std::vector<Type> types;
    std::vector<std::string> shown;
    for (const Node& child : node.children) {
      types.push_back(child.type);
      shown.push_back(to_text(child.type));
    }
    const std::optional<Type> type = node.function->check(types);
    if (!type) return wrong_arguments(node, std::move(shown));
    node.type = *type;
    return true;
  }

  bool wrong_arguments(const Node& node, std::vector<std::string> types) {
    std::string receiver;
    if (node.is_method) {
      receiver = types.front() + ".";
      types.erase(types.begin());
    }
    return fail(node.at,
                fmt::format("no function takes {}{}({})", receiver, node.name, join(types, ", ")),
                fmt::format("write {}{}({})", node.is_method ? "string." : "", node.name,
                            node.function->arguments));
  }

  bool unknown_function(const Node& node) {
    if (std::find(kMacros.begin(), kMacros.end(), node.name) != kMacros.end()) {
      return fail(node.at, fmt::format("\"{}\" is a macro of CEL, and not supported", node.name));
    }
    const std::string message = fmt::format("unknown function \"{}\"", node.name);
    if (find_function(node.name, !node.is_method)) {
      return fail(node.at, message,
                  fmt::format("write {}{}(...)", node.is_method ? "" : "string.", node.name));
    }
    std::vector<std::string> names;
    for (const Function& function : functions()) {
      names.emplace_back(function.name);
      if (function.name.ends_with("." + node.name)) {
        return fail(node.at, message, did_you_mean(function.name));
      }
    }
    const std::string meant = did_you_mean(node.name, names);
    return fail(node.at, message, meant.empty() ? "the functions are " + join(names, ", ") : meant);
  }

  const Scope& scope_;
  Guesses guesses_;
  std::set<std::string> names_;
  std::optional<CompileError> error_;
};

}  // namespace

std::variant<std::vector<std::string>, CompileError> check(Node& root, const Scope& scope,
                                                           Guesses guesses) {
  return Checker(scope, guesses).run(root);
}

}  // namespace advisor::expr
