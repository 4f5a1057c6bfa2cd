#include "expr/evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "expr/functions.h"
#include "expr/operators.h"
#include "expr/types.h"

namespace advisor::expr {
namespace {

bool is_known(const Value& value) {
  return !is_unknown(value) && !is_failure(value);
}

/// What an operation gives when not all its operands are known; nothing when they are.
std::optional<Value> absent(const std::vector<Value>& operands) {
  Unknown merged;
  const Failure* failure = nullptr;
  bool any_unknown = false;
  for (const Value& operand : operands) {
    if (const auto* failed = std::get_if<Failure>(&operand); failed && !failure) failure = failed;
    const auto* unknown = std::get_if<Unknown>(&operand);
    if (!unknown) continue;
    any_unknown = true;
    for (const std::string& reason : unknown->missing) {
      const auto known = std::find(merged.missing.begin(), merged.missing.end(), reason);
      if (known == merged.missing.end()) merged.missing.push_back(reason);
    }
  }
  // As CEL: what is unknown might yet turn the failure away.
  if (any_unknown) return merged;
  if (failure) return *failure;
  return std::nullopt;
}

template <typename Element>
Value list_from(const std::vector<Value>& values) {
  std::vector<Element> list;
  for (const Value& value : values) {
    if (const auto* element = std::get_if<Element>(&value)) list.push_back(*element);
  }
  return list;
}

Value make_list(Type type, const std::vector<Value>& values) {
  if (type == Type::kIntList) return list_from<int64_t>(values);
  if (type == Type::kDoubleList) return list_from<double>(values);
  return list_from<std::string>(values);
}

template <typename Element>
Value element_at(const std::vector<Element>& list, int64_t index) {
  const auto position = static_cast<size_t>(index);
  if (position < list.size()) return list[position];
  return Failure{fmt::format("there is no element {} in a list of {}", index, list.size())};
}

Value element_at(const Value& value, int64_t index) {
  if (const auto* ints = std::get_if<std::vector<int64_t>>(&value)) return element_at(*ints, index);
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    return element_at(*numbers, index);
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    return element_at(*texts, index);
  }
  return Failure{"not a list"};
}

bool is_literal(const Node& node) {
  if (node.kind == NodeKind::kLiteral) return true;
  return node.kind == NodeKind::kList &&
         std::all_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return is_literal(*child); });
}

class Evaluator {
 public:
  Evaluator(std::string_view text, const Bindings& bindings) : text_(text), bindings_(bindings) {}

  Value evaluate(const Node& node) {
    Value value = compute(node);
    if (!is_literal(node)) observe(node, value);
    return value;
  }

  std::vector<Observation> take_observations() { return std::move(observations_); }

 private:
  Value compute(const Node& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return node.literal;
      case NodeKind::kName:
        return named(node);
      case NodeKind::kConditional:
        return conditional(node);
      case NodeKind::kBinary:
        if (node.operation == Operator::kAnd || node.operation == Operator::kOr) {
          return logical(node);
        }
        return strict(node);
      default:
        return strict(node);
    }
  }

  Value named(const Node& node) const {
    Value value = bindings_.value_of(node.name);
    if (!is_known(value) || has_type(value, node.type)) return value;
    return Failure{
        fmt::format("{} is {}, which is no {}", node.name, to_text(value), to_text(node.type))};
  }

  Value conditional(const Node& node) {
    Value condition = evaluate(*node.children[0]);
    const bool* truth = std::get_if<bool>(&condition);
    if (!truth) return condition;
    return evaluate(*node.children[*truth ? 1 : 2]);
  }

  Value logical(const Node& node) {
    const Value decisive = node.operation == Operator::kOr;
    std::vector<Value> operands;
    for (const NodePtr& child : node.children) {
      operands.push_back(evaluate(*child));
      if (operands.back() == decisive) return decisive;
    }
    return absent(operands).value_or(operands.back());
  }

  Value strict(const Node& node) {
    std::vector<Value> operands;
    for (const NodePtr& child : node.children) operands.push_back(evaluate(*child));
    if (std::optional<Value> value = absent(operands)) return *std::move(value);
    switch (node.kind) {
      case NodeKind::kList:
        return make_list(node.type, operands);
      case NodeKind::kIndex:
        return element_at(operands[0], node.index);
      case NodeKind::kCall:
        return node.function->evaluate(operands);
      default:
        return apply_operator(node.operation, operands);
    }
  }

  void observe(const Node& node, const Value& value) {
    const std::string_view slice = text_.substr(node.offset, node.length);
    const bool seen =
        std::any_of(observations_.begin(), observations_.end(),
                    [&](const Observation& earlier) { return earlier.expression == slice; });
    if (!seen) observations_.push_back({std::string(slice), value});
  }

  std::string_view text_;
  const Bindings& bindings_;
  std::vector<Observation> observations_;
};

}  // namespace

Evaluation evaluate(const Node& root, std::string_view text, const Bindings& bindings) {
  Evaluator evaluator(text, bindings);
  Value value = evaluator.evaluate(root);
  return {std::move(value), evaluator.take_observations()};
}

}  // namespace advisor::expr
