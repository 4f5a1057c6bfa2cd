#include "expr/double_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <system_error>

namespace advisor::expr {

std::optional<double> parse_double(std::string_view text) {
  // from_chars would take a NaN with a payload: nan(abc).
  if (text.find('(') != std::string_view::npos) return std::nullopt;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (stop != end || failure == std::errc::invalid_argument) return std::nullopt;
  if (failure == std::errc{}) return number;
  // Out of range, from_chars does not say on which side.
  number = std::strtod(std::string(text).c_str(), nullptr);
  return std::isinf(number) ? std::nullopt : std::optional(number);
}

}  // namespace advisor::expr
