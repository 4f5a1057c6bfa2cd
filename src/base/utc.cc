#include "base/utc.h"

#include <fmt/format.h>

#include <chrono>

#include "base/text.h"

namespace advisor {
namespace {

constexpr int64_t kDay = 86400;
constexpr int64_t kHour = 3600;
constexpr int64_t kMinute = 60;

}  // namespace

std::optional<int64_t> parse_utc(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [&](size_t at, size_t digits) {
    return int(parse_decimal(std::string_view(text).substr(at, digits)).value_or(0));
  };
  using std::chrono::day, std::chrono::month, std::chrono::year;
  const std::chrono::year_month_day date(year(number(0, 4)), month(unsigned(number(5, 2))),
                                         day(unsigned(number(8, 2))));
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  constexpr int kLeapSecond = 60;
  if (!date.ok() || hour > 23 || minute > 59 || second > kLeapSecond) return std::nullopt;
  const std::chrono::sys_days midnight(date);
  return int64_t{midnight.time_since_epoch().count()} * kDay + hour * kHour + minute * kMinute +
         second;
}

std::string utc_text(int64_t seconds) {
  using std::chrono::days;
  const std::chrono::sys_seconds then{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<days>(then);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(then - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace advisor
