#include "boot/file_values.h"

#include <utility>

#include "model/typed_value.h"

namespace advisor {
namespace {

/// What a line says that comes too early for the module of its parameter: the day the module is
/// loaded in time, a lower value of ours must not stand in its way.
BootValue once_it_counts(const BootRun& boot, const ParameterName& parameter) {
  BootValue value;
  for (const BootWrite& write : boot.writes()) {
    if (!write.module_is_late || write.line->parameter != parameter || !write.line->value) continue;
    value.line = write.line;
    value.value = ParameterValue(*write.line->value);
  }
  return value;
}

}  // namespace

FileValues::FileValues(PersistentSettings standing, PersistentSettings without_ours,
                       const BootStart& start)
    : standing_(std::move(standing)),
      without_ours_(std::move(without_ours)),
      catalogue_(start.catalogue),
      standing_boots_(boots_of(standing_, start)),
      boots_without_ours_(boots_of(without_ours_, start)) {}

std::vector<ValueAtBoot> FileValues::of(const ParameterName& parameter) const {
  std::vector<ValueAtBoot> values;
  auto standing = given(standing_boots_, parameter);
  auto foreign = given(boots_without_ours_, parameter);
  if (foreign) foreign->undercut = !standing || foreign->line.where != standing->line.where;
  if (standing) values.push_back(*standing);
  if (foreign && foreign->undercut) values.push_back(*std::move(foreign));
  return values;
}

std::optional<ValueAtBoot> FileValues::given(const std::vector<BootRun>& boots,
                                             const ParameterName& parameter) const {
  const ParameterInfo* info = catalogue_.find(parameter);
  std::optional<ValueAtBoot> value;
  for (const BootRun& boot : boots) {
    BootValue left = boot.left(parameter);
    if (!left.line) left = once_it_counts(boot, parameter);
    if (!left.line || !left.value) return std::nullopt;
    if (value && !same_value(info, value->value, *left.value)) return std::nullopt;
    value = ValueAtBoot{*std::move(left.value), *left.line};
  }
  return value;
}

}  // namespace advisor
