#include "model/counters.h"

namespace advisor {

std::optional<int64_t> Counters::since_boot(std::string_view name) const {
  const auto row = last.find(SharedText::lasting(name));
  if (row == last.end()) return std::nullopt;
  return row->second;
}

std::optional<double> Counters::rate(std::string_view name) const {
  const auto before = first.find(SharedText::lasting(name));
  const auto after = since_boot(name);
  if (before == first.end() || !after || interval_seconds <= 0) return std::nullopt;
  if (*after < before->second) return std::nullopt;
  return double(*after - before->second) / interval_seconds;
}

}  // namespace advisor
