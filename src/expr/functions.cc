#include "expr/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "expr/double_text.h"
#include "expr/operators.h"
#include "expr/types.h"

namespace advisor::expr {
namespace {

using Types = std::span<const Type>;
using Values = std::span<const Value>;

bool is_one_of(Types arguments, std::initializer_list<Type> allowed) {
  return arguments.size() == 1 &&
         std::find(allowed.begin(), allowed.end(), arguments[0]) != allowed.end();
}

std::optional<Type> check_size(Types arguments) {
  const bool countable =
      arguments.size() == 1 && (is_list(arguments[0]) || arguments[0] == Type::kString);
  return countable ? std::optional(Type::kInt) : std::nullopt;
}

int64_t length_of(const std::string& text) {
  // CEL counts code points.
  return static_cast<int64_t>(count_characters(text));
}

template <typename Element>
int64_t length_of(const std::vector<Element>& list) {
  return static_cast<int64_t>(list.size());
}

template <typename Other>
int64_t length_of(const Other&) {
  return 0;
}

Value evaluate_size(Values arguments) {
  return std::visit([](const auto& held) -> Value { return length_of(held); }, arguments[0]);
}

std::optional<Type> check_int(Types arguments) {
  const bool fits = is_one_of(arguments, {Type::kInt, Type::kDouble, Type::kString});
  return fits ? std::optional(Type::kInt) : std::nullopt;
}

Value to_int(double number) {
  // As CEL, which leaves both ends out: at 2^63 a double is no longer exact.
  if (number > -9223372036854775808.0 && number < 9223372036854775808.0) {
    return static_cast<int64_t>(number);
  }
  return Failure{fmt::format("{} does not fit an int", to_text(Value(number)))};
}

Value evaluate_int(Values arguments) {
  if (const double* number = std::get_if<double>(&arguments[0])) return to_int(*number);
  const auto* text = std::get_if<std::string>(&arguments[0]);
  if (!text) return arguments[0];
  const bool plus = text->size() > 1 && text->front() == '+' && (*text)[1] != '-';
  const std::optional<int64_t> number = parse_decimal(std::string_view(*text).substr(plus ? 1 : 0));
  if (number) return *number;
  return Failure{fmt::format("{} is not an int", to_text(arguments[0]))};
}

std::optional<Type> check_double(Types arguments) {
  const bool fits = is_one_of(arguments, {Type::kInt, Type::kDouble, Type::kString});
  return fits ? std::optional(Type::kDouble) : std::nullopt;
}

Value evaluate_double(Values arguments) {
  if (const int64_t* number = std::get_if<int64_t>(&arguments[0])) {
    return static_cast<double>(*number);
  }
  const auto* text = std::get_if<std::string>(&arguments[0]);
  if (!text) return arguments[0];
  const bool plus = text->size() > 1 && text->front() == '+' && (*text)[1] != '-';
  if (const auto number = parse_double(std::string_view(*text).substr(plus ? 1 : 0)))
    return *number;
  return Failure{fmt::format("{} is not a double", to_text(arguments[0]))};
}

std::optional<Type> check_string(Types arguments) {
  const bool fits = is_one_of(arguments, {Type::kBool, Type::kInt, Type::kDouble, Type::kString});
  return fits ? std::optional(Type::kString) : std::nullopt;
}

Value evaluate_string(Values arguments) {
  const double* number = std::get_if<double>(&arguments[0]);
  if (number && std::isfinite(*number)) return fmt::format("{}", *number);
  if (std::holds_alternative<std::string>(arguments[0])) return arguments[0];
  return to_text(arguments[0]);
}

std::optional<Type> check_two_strings(Types arguments) {
  const bool fits =
      arguments.size() == 2 && arguments[0] == Type::kString && arguments[1] == Type::kString;
  return fits ? std::optional(Type::kBool) : std::nullopt;
}

Value evaluate_starts_with(Values arguments) {
  const auto* text = std::get_if<std::string>(&arguments[0]);
  const auto* prefix = std::get_if<std::string>(&arguments[1]);
  return text && prefix && text->starts_with(*prefix);
}

Value evaluate_contains(Values arguments) {
  const auto* text = std::get_if<std::string>(&arguments[0]);
  const auto* part = std::get_if<std::string>(&arguments[1]);
  return text && part && text->find(*part) != std::string::npos;
}

std::optional<Type> check_extreme(Types arguments) {
  if (arguments.empty() || !is_numeric(arguments[0])) return std::nullopt;
  const bool alike = std::all_of(arguments.begin(), arguments.end(),
                                 [&](Type type) { return type == arguments[0]; });
  return alike ? std::optional(arguments[0]) : std::nullopt;
}

Value evaluate_least(Values arguments) {
  return *std::min_element(arguments.begin(), arguments.end(),
                           [](const Value& a, const Value& b) { return compare(a, b) < 0; });
}

Value evaluate_greatest(Values arguments) {
  return *std::max_element(arguments.begin(), arguments.end(),
                           [](const Value& a, const Value& b) { return compare(a, b) < 0; });
}

std::optional<Type> check_real(Types arguments) {
  const bool fits = is_one_of(arguments, {Type::kDouble});
  return fits ? std::optional(Type::kDouble) : std::nullopt;
}

template <double (*kCompute)(double)>
Value evaluate_real(Values arguments) {
  const double* number = std::get_if<double>(&arguments[0]);
  return kCompute(number ? *number : 0);
}

double ceiling(double number) {
  return std::ceil(number);
}
double floor_of(double number) {
  return std::floor(number);
}
double square_root(double number) {
  return std::sqrt(number);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"size", false, "list or string", "int", "the number of elements, or of characters", check_size,
     evaluate_size},
    {"int", false, "int, double or string", "int",
     "the number without its fraction, or the decimal number a string holds", check_int,
     evaluate_int},
    {"double", false, "int, double or string", "double",
     "the nearest double, or the number a string holds", check_double, evaluate_double},
    {"string", false, "bool, int, double or string", "string", "the value as text", check_string,
     evaluate_string},
    {"startsWith", true, "string", "bool", "whether the string begins with the other",
     check_two_strings, evaluate_starts_with},
    {"contains", true, "string", "bool", "whether the other string is part of it",
     check_two_strings, evaluate_contains},
    {"math.least", false, "int, ... or double, ...", "int or double", "the smallest argument",
     check_extreme, evaluate_least},
    {"math.greatest", false, "int, ... or double, ...", "int or double", "the largest argument",
     check_extreme, evaluate_greatest},
    {"math.ceil", false, "double", "double", "the nearest whole number that is not less",
     check_real, evaluate_real<ceiling>},
    {"math.floor", false, "double", "double", "the nearest whole number that is not greater",
     check_real, evaluate_real<floor_of>},
    {"math.sqrt", false, "double", "double", "the square root; NaN of a negative number",
     check_real, evaluate_real<square_root>},
});

}  // namespace

std::span<const Function> functions() {
  return kFunctions;
}

const Function* find_function(std::string_view name, bool is_method) {
  const auto found =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& function) {
        return function.name == name && function.is_method == is_method;
      });
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace advisor::expr
