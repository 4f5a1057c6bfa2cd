#include "boot/forecast.h"

#include <utility>

#include "model/typed_value.h"

namespace advisor {

BootForecast::BootForecast(const Snapshot& snapshot, const Catalogue& catalogue,
                           const PersistentSettings& standing, SysctlLoader loader)
    : snapshot_(snapshot),
      catalogue_(catalogue),
      start_(boot_start(catalogue, snapshot)),
      boot_(standing, start_, loader) {
  for (const auto& [parameter, now] : snapshot.parameters) {
    auto value = now ? value_of(parameter) : std::nullopt;
    if (!value || *value == *now || same_value(catalogue.find(parameter), *value, *now)) continue;
    changed_.emplace(parameter, *std::move(value));
  }
}

std::set<ParameterName> BootForecast::changed_beside(const std::vector<Change>& set) const {
  std::set<ParameterName> names;
  for (const auto& [parameter, value] : changed_) {
    if (!change_of(set, parameter)) names.insert(parameter);
  }
  return names;
}

Snapshot BootForecast::with(const std::vector<Change>& changes) const {
  Snapshot forecast = snapshot_;
  for (const auto& [parameter, value] : changed_) forecast.parameters.at(parameter) = value;
  for (const Change& change : changes) {
    const auto place = forecast.parameters.find(change.parameter);
    if (place != forecast.parameters.end() && place->second) place->second = change.after;
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
