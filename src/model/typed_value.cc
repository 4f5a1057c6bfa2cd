#include "model/typed_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "model/kernel_number.h"

namespace advisor {
namespace {

std::string allowed_range(const ParameterInfo& info) {
  const std::string low = info.min ? std::to_string(*info.min) : "";
  const std::string high = info.max ? std::to_string(*info.max) : "";
  return fmt::format("its range is {}..{}{}{}", low, high, info.unit.empty() ? "" : " ", info.unit);
}

using Numbers = std::vector<int64_t>;

bool is_between(const ParameterInfo& info, int64_t number) {
  return (!info.min || number >= *info.min) && (!info.max || number <= *info.max);
}

std::optional<std::string> why_invalid(const ParameterInfo& info, const Numbers& numbers) {
  if (info.unlimited && numbers == Numbers{*info.unlimited}) return std::nullopt;
  if (info.type == ParameterType::kBool && numbers[0] != 0 && numbers[0] != 1) {
    return expected_form(info);
  }
  const bool within = std::all_of(numbers.begin(), numbers.end(),
                                  [&](int64_t number) { return is_between(info, number); });
  if (!within) return allowed_range(info);
  if (info.type == ParameterType::kRange && numbers[0] > numbers[1]) {
    return "low must not be above high";
  }
  if (info.ordered && !std::is_sorted(numbers.begin(), numbers.end())) {
    return fmt::format("its numbers must not fall ({})", join(info.fields, " <= "));
  }
  return std::nullopt;
}

/// Whether a character may stand in a text: at others the kernel would end it, or show them raw.
bool is_printable(char c) {
  return static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
}

std::optional<std::string> why_invalid(const ParameterInfo& info, const std::string& text) {
  if (text.empty() && info.default_value != "") return "it must not be empty";
  if (!std::all_of(text.begin(), text.end(), is_printable)) return "it must be one line of text";
  if (info.max_length && int64_t(text.size()) > *info.max_length) {
    return fmt::format("the kernel keeps {} bytes of it, and these are {}", *info.max_length,
                       text.size());
  }
  const auto& words = info.values;
  if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end()) {
    return "it must be one of: " + join(words, ", ");
  }
  return std::nullopt;
}

/// Numbers from 2^63 on are typed alike; their digits still tell them apart.
bool same_digits(const std::string& a, const std::string& b) {
  const auto left = KernelNumber::parse(a);
  return left && left == KernelNumber::parse(b);
}

}  // namespace

std::string expected_form(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::kBool:
      return "it must be 0 or 1";
    case ParameterType::kInt:
    case ParameterType::kBitmask:
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

std::optional<int64_t> parse_kernel_integer(std::string_view text) {
  const auto number = KernelNumber::parse(text);
  if (!number) return std::nullopt;
  // The kernel writes "no limit" into unsigned fields: kernel.shmmax is 18446744073692774399.
  const bool too_large = !number->negative && !number->small();
  return too_large ? std::optional(std::numeric_limits<int64_t>::max()) : number->small();
}

size_t field_count(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::kBool:
    case ParameterType::kInt:
    case ParameterType::kBitmask:
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

ParameterInfo field_of(const ParameterInfo& info) {
  ParameterInfo field;
  field.name = info.name;
  field.type = ParameterType::kInt;
  field.unit = info.unit;
  field.min = info.min;
  field.max = info.max;
  field.handler = info.handler;
  field.accepts = info.accepts;
  field.accepts_before = info.accepts_before;
  field.surely = info.surely;
  return field;
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
  return ParameterValue(joined_numbers(*std::get_if<0>(&value)));
}

bool same_value(const ParameterInfo* info, const ParameterValue& a, const ParameterValue& b) {
  if (a == b) return true;
  if (!info) return false;
  const auto left = typed(*info, a);
  if (!left || left != typed(*info, b)) return false;
  if (!std::holds_alternative<Numbers>(*left)) return true;
  return std::equal(a.words().begin(), a.words().end(), b.words().begin(), same_digits);
}

std::optional<std::string> why_invalid(const ParameterInfo& info, const ParameterValue& value) {
  const auto parsed = typed(info, value);
  if (!parsed) return expected_form(info);
  if (const auto* numbers = std::get_if<Numbers>(&*parsed)) return why_invalid(info, *numbers);
  if (const auto* text = std::get_if<std::string>(&*parsed)) return why_invalid(info, *text);
  return std::nullopt;
}

bool is_one_way(const ParameterInfo& info, const ParameterValue& value) {
  const auto parsed = typed(info, value);
  const auto* numbers = parsed ? std::get_if<Numbers>(&*parsed) : nullptr;
  return numbers && numbers->size() == 1 &&
         std::find(info.one_way.begin(), info.one_way.end(), (*numbers)[0]) != info.one_way.end();
}

}  // namespace advisor
