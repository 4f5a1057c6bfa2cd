#include "expr/operators.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace advisor::expr {
namespace {

Value overflow() {
  return Failure{"integer overflow"};
}

template <typename Result>
const Result& get(const Value& value) {
  const Result* held = std::get_if<Result>(&value);
  assert(held);
  return *held;
}

std::partial_ordering compare_exactly(int64_t left, double right) {
  // 2^63 is the first double above every int, and its negative the smallest int.
  constexpr double kLimit = 9223372036854775808.0;
  if (std::isnan(right)) return std::partial_ordering::unordered;
  if (right >= kLimit) return std::partial_ordering::less;
  if (right < -kLimit) return std::partial_ordering::greater;
  const double whole = std::trunc(right);
  const std::partial_ordering order = left <=> static_cast<int64_t>(whole);
  return order != 0 ? order : whole <=> right;
}

bool equal(const Value& left, const Value& right) {
  return left.index() == right.index() ? left == right : compare(left, right) == 0;
}

template <typename Element>
bool contains(const Value& list, const Value& element) {
  const auto& elements = get<std::vector<Element>>(list);
  return std::find(elements.begin(), elements.end(), get<Element>(element)) != elements.end();
}

bool is_in(const Value& element, const Value& list) {
  if (std::holds_alternative<int64_t>(element)) return contains<int64_t>(list, element);
  if (std::holds_alternative<double>(element)) return contains<double>(list, element);
  return contains<std::string>(list, element);
}

Value quotient(Operator operation, int64_t left, int64_t right) {
  if (right == 0) {
    return Failure{operation == Operator::kDivide ? "division by zero" : "modulus by zero"};
  }
  // The hardware traps on the remainder too, and CEL calls both an overflow.
  if (left == INT64_MIN && right == -1) return overflow();
  return operation == Operator::kDivide ? left / right : left % right;
}

Value calculate(Operator operation, int64_t left, int64_t right) {
  int64_t result = 0;
  bool too_large = false;
  switch (operation) {
    case Operator::kAdd:
      too_large = __builtin_add_overflow(left, right, &result);
      break;
    case Operator::kSubtract:
      too_large = __builtin_sub_overflow(left, right, &result);
      break;
    case Operator::kMultiply:
      too_large = __builtin_mul_overflow(left, right, &result);
      break;
    default:
      return quotient(operation, left, right);
  }
  if (too_large) return overflow();
  return result;
}

double calculate(Operator operation, double left, double right) {
  switch (operation) {
    case Operator::kAdd:
      return left + right;
    case Operator::kSubtract:
      return left - right;
    case Operator::kMultiply:
      return left * right;
    default:
      return left / right;
  }
}

Value negated(const Value& operand) {
  if (const double* number = std::get_if<double>(&operand)) return -*number;
  return calculate(Operator::kSubtract, int64_t{0}, get<int64_t>(operand));
}

Value arithmetic(Operator operation, const Value& left, const Value& right) {
  if (const auto* text = std::get_if<std::string>(&left)) return *text + get<std::string>(right);
  if (const auto* number = std::get_if<double>(&left)) {
    return calculate(operation, *number, get<double>(right));
  }
  return calculate(operation, get<int64_t>(left), get<int64_t>(right));
}

}  // namespace

std::partial_ordering compare(const Value& left, const Value& right) {
  if (const auto* text = std::get_if<std::string>(&left)) {
    return text->compare(get<std::string>(right)) <=> 0;
  }
  if (const bool* truth = std::get_if<bool>(&left)) return *truth <=> get<bool>(right);
  const int64_t* left_int = std::get_if<int64_t>(&left);
  const int64_t* right_int = std::get_if<int64_t>(&right);
  if (left_int && right_int) return *left_int <=> *right_int;
  if (left_int) return compare_exactly(*left_int, get<double>(right));
  if (right_int) return 0 <=> compare_exactly(*right_int, get<double>(left));
  return get<double>(left) <=> get<double>(right);
}

Value apply_operator(Operator operation, std::span<const Value> operands) {
  if (operation == Operator::kNot) return !get<bool>(operands[0]);
  if (operation == Operator::kNegate) return negated(operands[0]);
  const Value& left = operands[0];
  const Value& right = operands[1];
  switch (operation) {
    case Operator::kLess:
      return compare(left, right) < 0;
    case Operator::kLessEqual:
      return compare(left, right) <= 0;
    case Operator::kGreater:
      return compare(left, right) > 0;
    case Operator::kGreaterEqual:
      return compare(left, right) >= 0;
    case Operator::kEqual:
      return equal(left, right);
    case Operator::kNotEqual:
      return !equal(left, right);
    case Operator::kIn:
      return is_in(left, right);
    default:
      return arithmetic(operation, left, right);
  }
}

}  // namespace advisor::expr
