#include "render/observed_text.h"

#include <fmt/format.h>

#include "expr/double_text.h"
#include "expr/format.h"
#include "facts/facts.h"

namespace advisor {

std::string number_in_words(double number, std::string_view unit) {
  using expr::Style;
  if (unit == "seconds") return expr::format(number, Style::kDuration);
  if (unit == "bytes") return expr::format(number, Style::kBytes);
  if (unit == "bytes/s") return expr::format(number, Style::kBytes) + "/s";
  if (unit == "share of 1") return expr::format(number, Style::kPercent);
  const std::string plain = expr::format(number, Style::kPlain);
  constexpr std::string_view kOnce = "1/s";
  if (unit == kOnce) return plain + "/s";
  if (unit.empty()) return plain;
  const bool is_one = number == 1 && unit.ends_with('s');
  return fmt::format("{} {}", plain, is_one ? unit.substr(0, unit.size() - 1) : unit);
}

std::string observed_words(const Observed& seen) {
  const Fact* fact = find_fact(seen.expression);
  const std::string_view unit = fact ? fact->unit : "";
  const auto number = unit.empty() ? std::nullopt : expr::parse_double(seen.value);
  return fmt::format("{} = {}", seen.expression,
                     number ? number_in_words(*number, unit) : seen.value);
}

}  // namespace advisor
