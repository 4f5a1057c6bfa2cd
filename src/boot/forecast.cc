#include "boot/forecast.h"

#include <utility>

namespace advisor {

BootForecast::BootForecast(const Snapshot& snapshot, const Catalogue& catalogue,
                           const PersistentSettings& standing, SysctlLoader loader)
    : snapshot_(snapshot),
      catalogue_(catalogue),
      start_(boot_start(catalogue, snapshot)),
      boot_(standing, start_, loader) {}

Snapshot BootForecast::with(const std::vector<Change>& changes) const {
  Snapshot forecast = snapshot_;
  for (auto& [parameter, reading] : forecast.parameters) {
    if (!reading) continue;
    const Change* ours = change_of(changes, parameter);
    const auto value = ours ? std::optional(ours->after) : value_of(parameter);
    if (value) reading = *value;
  }
  return forecast;
}

std::optional<ParameterValue> BootForecast::value_of(const ParameterName& parameter) const {
  const auto at_start = default_of(parameter);
  const BootValue left = boot_.left(parameter);
  if (!left.line) return at_start;
  return left.certain ? left.value : std::nullopt;
}

std::optional<ParameterValue> BootForecast::default_of(const ParameterName& parameter) const {
  const ParameterInfo* info = catalogue_.find(parameter);
  // A row for all interfaces has no one default: an interface starts with what conf.default is set
  // to, and conf.all goes by itself.
  if (!info || !start_.kernel || !catalogue_.has_row_of_its_own(parameter)) return std::nullopt;
  const auto value = info->default_on(*start_.kernel);
  return value ? std::optional(ParameterValue(*value)) : std::nullopt;
}

}  // namespace advisor
