#include "boot/file_values.h"

#include <utility>

#include "model/typed_value.h"

namespace advisor {

FileValues::FileValues(PersistentSettings standing, PersistentSettings without_ours,
                       const Catalogue& catalogue)
    : standing_(std::move(standing)),
      without_ours_(std::move(without_ours)),
      catalogue_(catalogue),
      standing_lines_(standing_, catalogue),
      lines_without_ours_(without_ours_, catalogue) {}

std::vector<ValueAtBoot> FileValues::of(const ParameterName& parameter,
                                        const Snapshot& snapshot) const {
  const auto before = value_before_lines(parameter, catalogue_, snapshot);
  std::vector<ValueAtBoot> values;
  auto standing = given(standing_lines_, parameter, before);
  auto foreign = given(lines_without_ours_, parameter, before);
  if (foreign) foreign->undercut = !standing || foreign->line.where != standing->line.where;
  if (standing) values.push_back(*standing);
  if (foreign && foreign->undercut) values.push_back(*std::move(foreign));
  return values;
}

std::optional<ValueAtBoot> FileValues::given(const BootLines& lines, const ParameterName& parameter,
                                             const std::optional<ParameterValue>& before) const {
  const ParameterInfo* info = catalogue_.find(parameter);
  std::optional<ValueAtBoot> value;
  for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
    if (standing_.at_boot && *standing_.at_boot != loader) continue;
    BootValue left = lines.outcome(parameter, loader, before);
    if (!left.line || !left.value) return std::nullopt;
    if (value && !same_value(info, value->value, *left.value)) return std::nullopt;
    value = ValueAtBoot{*std::move(left.value), *left.line};
  }
  return value;
}

}  // namespace advisor
