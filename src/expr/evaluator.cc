#include "expr/evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "expr/functions.h"
#include "expr/operators.h"
#include "expr/packed_expression.h"
#include "expr/types.h"

namespace advisor::expr {
namespace {

bool is_known(const Value& value) {
  return !is_unknown(value) && !is_failure(value);
}

/// What an operation gives when an operand is unknown or a failure; nothing when all are known.
std::optional<Value> absent(std::span<const Value> operands) {
  if (std::all_of(operands.begin(), operands.end(), is_known)) return std::nullopt;
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
Value list_from(std::span<const Value> values) {
  std::vector<Element> list;
  for (const Value& value : values) {
    if (const auto* element = std::get_if<Element>(&value)) list.push_back(*element);
  }
  return list;
}

Value make_list(Type type, std::span<const Value> values) {
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

/// A node where it lies.
struct PackedNode : NodeHead {
  explicit PackedNode(std::string_view bytes) : rest(bytes) { rest(static_cast<NodeHead&>(*this)); }

  /// Its children, for a node that has some; each can be asked for once, in order.
  size_t child_count() {
    size_t count = 0;
    rest(count);
    return count;
  }
  std::string_view next_child() { return rest.skip_apart(); }

  PackedReader rest;  ///< of what stands behind the head
};

/// Whether the node that lies in `bytes` is a literal, or a list of nothing else.
bool is_literal(const NodeHead& head, std::string_view bytes) {
  if (head.kind != NodeKind::kList) return head.kind == NodeKind::kLiteral;
  PackedNode list(bytes);
  for (size_t left = list.child_count(); left > 0; --left) {
    const std::string_view child = list.next_child();
    if (!is_literal(PackedNode(child), child)) return false;
  }
  return true;
}

/// Enough for most conditions; more do no harm.
constexpr size_t kUsualOperands = 8;
constexpr size_t kUsualObservations = 8;

class Evaluator {
 public:
  /// Notes the value of every sub-expression that is not a literal, if there is somewhere to.
  Evaluator(const SharedText& text, const Bindings& bindings,
            std::vector<Observation>* observations)
      : text_(text), bindings_(bindings), observations_(observations) {
    stack_.reserve(kUsualOperands);
  }

  Value evaluate(std::string_view bytes) {
    PackedNode node(bytes);
    Value value = compute(node);
    if (observations_ && !is_literal(node, bytes)) observe(node, value);
    return value;
  }

 private:
  Value compute(PackedNode& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return literal(node);
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

  static Value literal(PackedNode& node) {
    Value value;
    node.rest(value);
    return value;
  }

  Value named(PackedNode& node) const {
    std::string_view name;
    node.rest(name);
    Value value = bindings_.value_of(name);
    if (!is_known(value) || has_type(value, node.type)) return value;
    return Failure{
        fmt::format("{} is {}, which is no {}", name, to_text(value), to_text(node.type))};
  }

  Value conditional(PackedNode& node) {
    node.child_count();
    Value condition = evaluate(node.next_child());
    const bool* truth = std::get_if<bool>(&condition);
    if (!truth) return condition;
    const std::string_view then = node.next_child();
    return evaluate(*truth ? then : node.next_child());
  }

  Value logical(PackedNode& node) {
    const bool decisive = node.operation == Operator::kOr;
    const size_t first = stack_.size();
    for (size_t left = node.child_count(); left > 0; --left) {
      Value value = evaluate(node.next_child());
      const bool* truth = std::get_if<bool>(&value);
      if (truth && *truth == decisive) {
        stack_.resize(first);
        return value;
      }
      stack_.push_back(std::move(value));
    }
    Value value = absent(above(first)).value_or(stack_.back());
    stack_.resize(first);
    return value;
  }

  Value strict(PackedNode& node) {
    const size_t first = stack_.size();
    for (size_t left = node.child_count(); left > 0; --left) {
      stack_.push_back(evaluate(node.next_child()));
    }
    Value value = combined(node, above(first));
    stack_.resize(first);
    return value;
  }

  /// The operands on the stack from place `first` on.
  std::span<const Value> above(size_t first) const { return std::span(stack_).subspan(first); }

  static Value combined(const NodeHead& node, std::span<const Value> operands) {
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

  void observe(const NodeHead& node, const Value& value) {
    SharedText slice = text_.part(node.offset, node.length);
    const bool seen =
        std::any_of(observations_->begin(), observations_->end(),
                    [&](const Observation& earlier) { return earlier.expression == slice; });
    if (!seen) observations_->push_back({std::move(slice), value});
  }

  const SharedText& text_;
  const Bindings& bindings_;
  std::vector<Observation>* observations_;
  std::vector<Value> stack_;  ///< operands, those of the innermost operation last
};

}  // namespace

Evaluation evaluate(std::string_view tree, const SharedText& text, const Bindings& bindings) {
  Evaluation evaluation;
  evaluation.observations.reserve(kUsualObservations);
  evaluation.value = Evaluator(text, bindings, &evaluation.observations).evaluate(tree);
  return evaluation;
}

Value value_of(std::string_view tree, const Bindings& bindings) {
  const SharedText no_text;
  return Evaluator(no_text, bindings, nullptr).evaluate(tree);
}

}  // namespace advisor::expr
