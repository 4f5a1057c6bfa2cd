#include "model/typed_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace advisor {
namespace {

std::string allowed_range(const ParameterInfo& info) {
  const std::string low = info.min ? std::to_string(*info.min) : "";
  const std::string high = info.max ? std::to_string(*info.max) : "";
  return fmt::format("allowed range is {}..{}{}{}", low, high, info.unit.empty() ? "" : " ",
                     info.unit);
}

std::string expected_form(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::kBool:
      return "it must be 0 or 1";
    case ParameterType::kInt:
      return "it must be one whole number";
    case ParameterType::kVector:
      return fmt::format("it must be {} whole numbers ({})", info.fields.size(),
                         join(info.fields, ", "));
    case ParameterType::kRange:
      return "it must be two whole numbers, low and high";
    case ParameterType::kPortSet:
      return "it must be ports and ranges of ports such as 8080,9000-9010";
    case ParameterType::kString:
      break;
  }
  return "it must be text";
}

}  // namespace

std::optional<int64_t> parse_kernel_integer(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  const auto magnitude = parse_unsigned(text, base);
  if (!magnitude || *magnitude > uint64_t(std::numeric_limits<int64_t>::max())) {
    return std::nullopt;
  }
  return negative ? -int64_t(*magnitude) : int64_t(*magnitude);
}

size_t field_count(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::kBool:
    case ParameterType::kInt:
      return 1;
    case ParameterType::kRange:
      return 2;
    case ParameterType::kVector:
      return info.fields.size();
    case ParameterType::kPortSet:
    case ParameterType::kString:
      break;
  }
  return 0;
}

std::optional<TypedValue> typed(const ParameterInfo& info, const ParameterValue& value) {
  if (info.type == ParameterType::kString) return value.text();
  if (info.type == ParameterType::kPortSet) {
    if (auto set = PortSet::parse(value.text())) return *set;
    return std::nullopt;
  }
  std::vector<int64_t> numbers;
  for (const std::string& word : value.words()) {
    const auto number = parse_kernel_integer(word);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  if (numbers.size() != field_count(info)) return std::nullopt;
  return numbers;
}

ParameterValue untyped(const TypedValue& value) {
  if (const auto* set = std::get_if<PortSet>(&value)) return ParameterValue(set->text());
  if (const auto* text = std::get_if<std::string>(&value)) return ParameterValue(*text);
  return ParameterValue(fmt::format("{}", fmt::join(*std::get_if<0>(&value), " ")));
}

bool same_value(const ParameterInfo* info, const ParameterValue& a, const ParameterValue& b) {
  if (a == b) return true;
  if (!info) return false;
  const auto left = typed(*info, a);
  return left && left == typed(*info, b);
}

std::optional<std::string> why_invalid(const ParameterInfo& info, const ParameterValue& value) {
  const auto parsed = typed(info, value);
  if (!parsed) return expected_form(info);
  const auto* numbers = std::get_if<std::vector<int64_t>>(&*parsed);
  if (!numbers) return std::nullopt;
  if (info.type == ParameterType::kBool && (*numbers)[0] != 0 && (*numbers)[0] != 1) {
    return expected_form(info);
  }
  for (const int64_t number : *numbers) {
    if ((info.min && number < *info.min) || (info.max && number > *info.max)) {
      return allowed_range(info);
    }
  }
  if (info.type == ParameterType::kRange && (*numbers)[0] > (*numbers)[1]) {
    return "low must not be above high";
  }
  return std::nullopt;
}

}  // namespace advisor
