#include "boot/loading.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "boot/boot_lines.h"
#include "model/typed_value.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

using Lines = std::vector<PersistentSetting>;

/// The lines on one parameter that the loader carries out: systemd-sysctl passes over globs for a
/// parameter that a line names.
Lines lines_on(const ParameterName& name, const PersistentSettings& files, SysctlLoader loader,
               const std::string& without) {
  Lines lines = files.lines_on(name);
  std::erase_if(lines, [&](const PersistentSetting& line) {
    return !line.value || !line.read_by.has(loader) || line.where.file == without;
  });
  const bool named = std::ranges::any_of(lines, [](const auto& line) { return !line.from_glob; });
  if (loader == SysctlLoader::kSystemd && named) {
    std::erase_if(lines, [](const PersistentSetting& line) { return line.from_glob; });
  }
  return lines;
}

/// systemd-sysctl writes each parameter once: where the last line says something new, and not
/// where a line repeats what an earlier one said.
Lines without_overridden(const Lines& lines) {
  Lines kept;
  for (const PersistentSetting& line : lines) {
    const auto earlier = std::ranges::find(kept, line.parameter, &PersistentSetting::parameter);
    if (earlier != kept.end() && earlier->value == line.value) continue;
    if (earlier != kept.end()) kept.erase(earlier);
    kept.push_back(line);
  }
  return kept;
}

/// What the kernel has set when the first line is loaded.
std::optional<ParameterValue> first_value(const ParameterName& name, const BootStart& start) {
  const ParameterInfo* info = start.catalogue.find(name);
  const auto value = info && start.kernel ? info->default_on(*start.kernel) : std::nullopt;
  if (value) return ParameterValue(*value);
  return start.standing ? start.standing(name) : std::nullopt;
}

/// "/etc/sysctl.d/50-a.conf:3 sets that", or who else does.
std::string whence(const ParameterName& name, const PersistentSettings& files,
                   SysctlLoader loader) {
  const PersistentSetting* line = files.winner(name, loader);
  if (!line) return "no file sets that";
  return to_text(line->where) + " sets that";
}

}  // namespace

LoadedValues load_files(const PersistentSettings& files, const std::set<ParameterName>& parameters,
                        const BootStart& start, SysctlLoader loader, const std::string& without) {
  std::set<ParameterName> names = siblings_of(start.catalogue, parameters);
  names.insert(parameters.begin(), parameters.end());
  LoadedValues loaded;
  Lines lines;
  for (const ParameterName& name : names) {
    if (const auto value = first_value(name, start)) loaded.values.emplace(name, *value);
    std::ranges::copy(lines_on(name, files, loader, without), std::back_inserter(lines));
  }
  std::ranges::stable_sort(lines, [&](const PersistentSetting& a, const PersistentSetting& b) {
    return comes_after(b.where, a.where, loader);
  });
  if (loader == SysctlLoader::kSystemd) lines = without_overridden(lines);
  const auto now = [&](const ParameterName& name) -> std::optional<ParameterValue> {
    const auto found = loaded.values.find(name);
    return found == loaded.values.end() ? std::nullopt : std::optional(found->second);
  };
  for (const PersistentSetting& line : lines) {
    WriteOutcome outcome =
        outcome_of_write({start.catalogue, start.kernel, now}, line.parameter, *line.value);
    if (outcome.value) loaded.values.insert_or_assign(line.parameter, *outcome.value);
    if (outcome.against) loaded.refused.push_back({line, outcome.why, *outcome.against});
  }
  return loaded;
}

std::vector<std::string> refused_at_boot(const std::vector<Change>& persisted,
                                         const PersistentSettings& proposed,
                                         const BootStart& start) {
  std::vector<std::string> sentences;
  for (const Change& change : persisted) {
    if (siblings_of(start.catalogue, {change.parameter}).empty()) continue;
    std::optional<std::string> sentence;
    bool everywhere = true;
    for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
      if (proposed.at_boot && *proposed.at_boot != loader) continue;
      const LoadedValues loaded = load_files(proposed, {change.parameter}, start, loader);
      const auto refused = std::ranges::find_if(loaded.refused, [&](const RefusedLine& one) {
        return one.line.parameter == change.parameter &&
               ParameterValue(*one.line.value) == change.after;
      });
      const auto value = loaded.values.find(change.parameter);
      const bool stands =
          value == loaded.values.end() ||
          same_value(start.catalogue.find(change.parameter), value->second, change.after);
      everywhere = everywhere && !stands && refused != loaded.refused.end();
      if (stands || refused == loaded.refused.end()) continue;
      sentence = fmt::format(
          "{} = {} would not outlast a boot: {} when {} loads {} ({}); set both in files, the "
          "other "
          "one too, or use --runtime",
          change.parameter.dotted(), change.after.text(), refused->why, to_text(loader),
          to_text(refused->line.where), whence(refused->against, proposed, loader));
    }
    if (sentence && everywhere) sentences.push_back(std::move(*sentence));
  }
  return sentences;
}

}  // namespace advisor
