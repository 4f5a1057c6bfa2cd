#include "boot/boot_lines.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "boot/side_writes.h"
#include "model/typed_value.h"
#include "model/write.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

/// One write that a loader makes, at its place.
struct Write {
  const PersistentSetting* line;
  const PersistentSetting* at;  ///< the line in whose place it is made
};

/// What systemd writes of one name: the last line, at the place where its value began to stand (a
/// line that repeats the value does not move the write).
void add_of_systemd(const std::vector<PersistentSetting>& lines, const PersistentSetting& winner,
                    std::vector<Write>& writes) {
  const PersistentSetting* at = &winner;
  for (auto line = std::make_reverse_iterator(lines.begin() + (&winner - lines.data()));
       line != lines.rend() && !winner.from_glob; ++line) {
    if (!line->read_by.systemd || line->from_glob) continue;
    if (line->value != winner.value) break;
    at = &*line;
  }
  writes.push_back({&winner, at});
}

/// What procps writes of one name: every line, and patterns only where no line names it.
void add_of_procps(const std::vector<PersistentSetting>& lines, const PersistentSetting& winner,
                   std::vector<Write>& writes) {
  for (const PersistentSetting& line : lines) {
    const bool written = line.value && line.read_by.procps && (winner.from_glob || !line.from_glob);
    if (written) writes.push_back({&line, &line});
    if (&line == &winner) return;
  }
}

/// What one line makes of its parameter; nothing if that stays as it was.
struct CarriedOutLine {
  ParameterValue value;
  bool certain;
};

std::optional<CarriedOutLine> carried_out(const PersistentSetting& line, const Catalogue& catalogue,
                                          const std::optional<ParameterValue>& before) {
  const auto standing = [&](const ParameterName& name) {
    return name == line.parameter ? before : std::nullopt;
  };
  WriteOutcome outcome =
      outcome_of_write({catalogue, std::nullopt, standing}, line.parameter, *line.value);
  // Refused in the middle, a vector keeps what was taken.
  if (outcome.result == WriteResult::kRefused && outcome.value == before) return std::nullopt;
  const bool taken = outcome.result != WriteResult::kUnknown;
  if (outcome.value) return CarriedOutLine{*std::move(outcome.value), taken};
  if (!outcome.between) return std::nullopt;
  return CarriedOutLine{ParameterValue(outcome.between->first.text()), false};
}

/// What the kernel starts a leader with. Those that move others only when they change start at 0.
std::optional<ParameterValue> start_of(const ParameterInfo& leader) {
  return leader.default_value ? std::optional(ParameterValue(*leader.default_value)) : std::nullopt;
}

}  // namespace

BootLines::BootLines(const PersistentSettings& settings, const Catalogue& catalogue)
    : settings_(settings), catalogue_(catalogue) {
  for (const auto& [name, lines] : settings.settings) {
    const ParameterInfo* info = catalogue.find(name);
    if (info && !(info->moves.empty() && info->excludes.empty())) leaders_.push_back(info);
  }
}

std::vector<const ParameterInfo*> BootLines::leaders_of(const ParameterName& parameter) const {
  std::vector<const ParameterInfo*> leaders;
  std::ranges::copy_if(leaders_, std::back_inserter(leaders),
                       [&](const ParameterInfo* leader) { return writes_too(*leader, parameter); });
  return leaders;
}

std::vector<PersistentSetting> BootLines::that_write(const ParameterName& parameter) const {
  std::vector<PersistentSetting> lines = settings_.lines_on(parameter);
  for (const ParameterInfo* leader : leaders_of(parameter)) {
    for (const PersistentSetting& line : settings_.lines_on(leader->name)) {
      if (line.value) lines.push_back(line);
    }
  }
  // By name, /etc/sysctl.conf last, as procps does it: systemd does not read that.
  std::ranges::stable_sort(lines, [](const PersistentSetting& a, const PersistentSetting& b) {
    return comes_after(b.where, a.where, SysctlLoader::kProcps);
  });
  return lines;
}

BootValue BootLines::outcome(const ParameterName& parameter, SysctlLoader loader,
                             const std::optional<ParameterValue>& before) const {
  std::vector<Write> writes;
  const auto add_lines_on = [&](const ParameterName& name) {
    const PersistentSetting* winner = settings_.winner(name, loader);
    if (!winner || !winner->value) return;
    const auto& lines = settings_.lines_on(name);
    loader == SysctlLoader::kSystemd ? add_of_systemd(lines, *winner, writes)
                                     : add_of_procps(lines, *winner, writes);
  };
  add_lines_on(parameter);
  for (const ParameterInfo* leader : leaders_of(parameter)) add_lines_on(leader->name);
  std::ranges::stable_sort(writes, [loader](const Write& a, const Write& b) {
    return comes_after(b.at->where, a.at->where, loader);
  });

  const ParameterInfo* info = catalogue_.find(parameter);
  BootValue left{nullptr, before};
  // What each leader was set to, under all its names.
  std::map<ParameterName, std::optional<ParameterValue>> leaders;
  for (const auto& [line, at] : writes) {
    if (line->parameter == parameter) {
      auto value = carried_out(*line, catalogue_, left.value);
      if (!value) continue;
      const bool certain = value->certain || !info || !why_invalid(*info, value->value);
      left = {line, std::move(value->value), certain};
      continue;
    }
    const ParameterInfo& leader = *catalogue_.find(line->parameter);
    const auto known = leaders.try_emplace(leader.name, start_of(leader)).first;
    const auto made = carried_out(*line, catalogue_, known->second);
    if (!made) continue;
    const ParameterValue& value = made->value;
    SideWrite side = side_write(leader, known->second, value, info, parameter, left.value);
    if (side.writes) left = {line, std::move(side.value), true};
    known->second = value;
    for (const ParameterName& other : other_names_of(leader.name, catalogue_)) {
      leaders.insert_or_assign(other, value);
    }
  }
  return left;
}

std::optional<ParameterValue> value_before_lines(const ParameterName& parameter,
                                                 const Catalogue& catalogue,
                                                 const Snapshot& snapshot) {
  const ParameterInfo* info = catalogue.find(parameter);
  const auto kernel = KernelVersion::parse(snapshot.host.kernel);
  const auto itself = info && kernel ? info->default_on(*kernel) : std::nullopt;
  if (itself) return ParameterValue(*itself);
  const ParameterValue* now = snapshot.value_of(parameter);
  return now ? std::optional(*now) : std::nullopt;
}

}  // namespace advisor
