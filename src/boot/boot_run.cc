#include "boot/boot_run.h"

#include <utility>

#include "model/side_writes.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// Whether the parameter stays as it was. Refused in the middle, a vector keeps what was taken.
bool changes_nothing(const WriteOutcome& outcome, const std::optional<ParameterValue>& before) {
  return outcome.result == WriteResult::kAbsent ||
         (outcome.result == WriteResult::kRefused && outcome.value == before);
}

/// What a write leaves of its parameter; nothing if that cannot be told.
std::optional<ParameterValue> made_of(const WriteOutcome& outcome) {
  if (outcome.value || !outcome.between) return outcome.value;
  return ParameterValue(outcome.between->first.text());
}

/// Whether the parameter is sure to be left as made_of() says.
bool is_certain(const WriteOutcome& outcome, const ParameterInfo* info,
                const std::optional<ParameterValue>& made) {
  const bool told = outcome.result != WriteResult::kUnknown && !outcome.between;
  return made && (told || !info || !why_invalid(*info, *made));
}

}  // namespace

std::optional<ParameterValue> BootStart::value_of(const ParameterName& parameter) const {
  const ParameterInfo* info = catalogue.find(parameter);
  const bool may_be_there = info && !(kernel && why_absent(*info, *kernel));
  std::optional<SharedText> itself;
  if (may_be_there) itself = kernel ? info->default_on(*kernel) : info->default_value;
  if (itself) return ParameterValue(*itself);
  return standing ? standing(parameter) : std::nullopt;
}

BootStart boot_start(const Catalogue& catalogue, const Snapshot& snapshot) {
  const auto standing = [&snapshot](const ParameterName& name) -> std::optional<ParameterValue> {
    const ParameterValue* value = snapshot.value_of(name);
    return value ? std::optional(*value) : std::nullopt;
  };
  return {catalogue, KernelVersion::parse(snapshot.host.kernel), standing};
}

BootRun::BootRun(const PersistentSettings& files, BootStart start, SysctlLoader loader)
    : files_(files), start_(std::move(start)), loader_(loader) {
  for (const LoaderWrite& asked : loader_writes(files, loader)) write(asked, false);
  run_tuned();
}

void BootRun::run_tuned() {
  if (!files_.tuned) return;
  for (const PersistentSetting& line : files_.tuned->own) write({&line, &line}, true);
  if (!files_.tuned->reapplies) return;
  for (const LoaderWrite& asked : reapplied_by_tuned(files_)) write(asked, true);
}

bool BootRun::module_is_late(const ParameterName& name) const {
  const ParameterInfo* info = start_.catalogue.find(name);
  if (!info || info->module.empty() || !files_.modules) return false;
  const bool is_there = start_.standing && start_.standing(name);
  return !files_.modules->is_in_time(info->module, is_there);
}

void BootRun::write(const LoaderWrite& asked, bool by_tuned) {
  const PersistentSetting& line = *asked.line;
  // By the time TuneD starts, all modules are taken to be there.
  if (!by_tuned && module_is_late(line.parameter)) {
    writes_.push_back({&line, asked.at, {}, true});
    return;
  }
  const auto standing = [this](const ParameterName& name) { return left(name).value; };
  const WriteGround ground{start_.catalogue, start_.kernel, standing};
  const BootValue before = left(line.parameter);
  writes_.push_back({&line, asked.at, outcome_of_write(ground, line.parameter, *line.value)});
  const WriteOutcome& outcome = writes_.back().outcome;
  if (changes_nothing(outcome, before.value)) return;
  const auto made = made_of(outcome);
  const ParameterInfo* info = start_.catalogue.find(line.parameter);
  const bool certain = is_certain(outcome, info, made);
  states_.insert_or_assign(line.parameter, BootValue{&line, made, certain, by_tuned});
  const bool leads = info && !(info->moves.empty() && info->excludes.empty());
  if (leads && made) lead({info, &line, before.value, *made, by_tuned});
}

void BootRun::lead(const LeaderWrite& made) {
  for (auto& [name, state] : states_) {
    if (name != made.leader->name) follow(made, name, state);
  }
  leader_writes_.push_back(made);
}

void BootRun::follow(const LeaderWrite& made, const ParameterName& name, BootValue& state) const {
  if (!writes_too(*made.leader, name)) return;
  SideWrite side = side_write(*made.leader, made.before, made.value, start_.catalogue.find(name),
                              name, state.value);
  if (side.writes) state = {made.line, std::move(side.value), true, made.by_tuned};
}

BootValue BootRun::left(const ParameterName& parameter) const {
  const auto known = states_.find(parameter);
  if (known != states_.end()) return known->second;
  BootValue state{nullptr, start_.value_of(parameter)};
  for (const LeaderWrite& made : leader_writes_) follow(made, parameter, state);
  return state;
}

std::vector<BootRun> boots_of(const PersistentSettings& files, const BootStart& start) {
  std::vector<BootRun> runs;
  for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
    if (!files.at_boot || *files.at_boot == loader) runs.emplace_back(files, start, loader);
  }
  return runs;
}

}  // namespace advisor
