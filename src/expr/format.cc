#include "expr/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace advisor::expr {
namespace {

constexpr std::string_view kNoValue = "?";

struct Unit {
  double size;
  std::string_view name;
};

constexpr std::array<Unit, 6> kDurations = {
    {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}}};

constexpr std::array<Unit, 7> kSizes = {{{1152921504606846976.0, "EiB"},
                                         {1125899906842624.0, "PiB"},
                                         {1099511627776.0, "TiB"},
                                         {1073741824.0, "GiB"},
                                         {1048576.0, "MiB"},
                                         {1024.0, "KiB"},
                                         {1.0, "B"}}};

/// At least the whole part, and decimals up to so many significant digits; never an exponent
/// below 10^18.
std::string significant(double number, int digits) {
  if (!std::isfinite(number)) return std::string(kNoValue);
  if (std::abs(number) >= 1e18) return fmt::format("{:.{}g}", number, digits);
  constexpr int kMostDecimals = 9;
  const int magnitude =
      number == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(number))));
  const int decimals = std::clamp(digits - 1 - magnitude, 0, kMostDecimals);
  if (decimals == 0) return grouped_digits(std::llround(number));
  std::string text = fmt::format("{:.{}f}", number, decimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

template <size_t kCount>
std::string in_units(double number, const std::array<Unit, kCount>& units, const Unit& of_zero,
                     int digits) {
  if (!std::isfinite(number)) return std::string(kNoValue);
  const auto fitting = std::find_if(
      units.begin(), units.end(), [&](const Unit& unit) { return std::abs(number) >= unit.size; });
  const Unit& smallest = number == 0 ? of_zero : units.back();
  const Unit& unit = fitting == units.end() ? smallest : *fitting;
  return fmt::format("{} {}", significant(number / unit.size, digits), unit.name);
}

std::string number_text(double number, Style style) {
  switch (style) {
    case Style::kPercent:
      if (!std::isfinite(number)) return std::string(kNoValue);
      return significant(number * 100, 2) + " %";
    case Style::kDuration:
      return in_units(number, kDurations, kDurations[3], 2);
    case Style::kBytes:
      return in_units(number, kSizes, kSizes.back(), 3);
    default:
      return significant(number, 3);
  }
}

std::string raw_digits(double number) {
  if (!std::isfinite(number)) return std::string(kNoValue);
  std::array<char, 1100> buffer;  // the smallest double has 1074 decimals
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

std::string element(bool truth, Style) {
  return truth ? "true" : "false";
}

std::string element(int64_t number, Style style) {
  if (style == Style::kRaw) return fmt::format("{}", number);
  if (style == Style::kPlain) return grouped_digits(number);
  return number_text(static_cast<double>(number), style);
}

std::string element(double number, Style style) {
  return style == Style::kRaw ? raw_digits(number) : number_text(number, style);
}

std::string element(const std::string& text, Style) {
  return text;
}

template <typename Element>
std::string element(const std::vector<Element>& list, Style style) {
  std::vector<std::string> parts;
  for (const Element& part : list) parts.push_back(element(part, style));
  // A parameter of several fields is written with blanks between them.
  return join(parts, style == Style::kRaw ? " " : ", ");
}

std::string element(const Unknown&, Style) {
  return std::string(kNoValue);
}

std::string element(const Failure&, Style) {
  return std::string(kNoValue);
}

}  // namespace

std::string format(const Value& value, Style style) {
  return std::visit([&](const auto& held) { return element(held, style); }, value);
}

}  // namespace advisor::expr
