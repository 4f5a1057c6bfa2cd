#include "plan/persistence.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "boot/boot_lines.h"
#include "boot/computed_values.h"
#include "boot/forecast.h"
#include "model/typed_value.h"
#include "rules/audit.h"
#include "sysctld/reading_order.h"

namespace advisor {
namespace {

constexpr SysctlLoader kLoaders[] = {SysctlLoader::kSystemd, SysctlLoader::kProcps};

/// Whether a value that stands may be set again at each boot.
bool may_be_kept(const Change& change, const Catalogue& catalogue, const PlanPolicy& policy) {
  const ParameterInfo* info = catalogue.find(change.parameter);
  if (!info) return true;
  if (info->access != ParameterAccess::kReadWrite || info->runs_code) return false;
  if (is_one_way(*info, change.after) && !policy.allow_one_way) return false;
  // 0 means that the other parameter of the pair counts, and writing 0 would reset that one.
  if (!info->excludes.empty() && same_value(info, change.after, ParameterValue("0"))) return false;
  return !why_invalid(*info, change.after);
}

/// What the profile asks of these parameters after a boot that carries out `at_boot`.
std::vector<Change> asked_after(const BootForecast& forecast, const std::vector<Change>& at_boot,
                                const std::set<ParameterName>& parameters, const BootGround& ground,
                                const PlanPolicy& policy) {
  const EffectiveProfile part = asking_for(ground.profile, parameters);
  if (part.groups.empty() && part.targets.empty()) return {};
  Diagnostics conflicts;  // of demands that the host, as it is, does not raise
  const Report report =
      audit(part, ground.catalogue, forecast.with(at_boot), ground.suppressions, conflicts);
  return plan_changes(report, ground.catalogue, policy).changes;
}

/// The line that takes ours out; nothing if the loader passes over ours.
std::optional<PersistentSetting> line_that_excludes(const ParameterName& parameter,
                                                    const PersistentSettings& proposed,
                                                    SysctlLoader loader) {
  const std::vector<PersistentSetting>& lines = proposed.lines_on(parameter);
  const auto exclusion = std::find_if(
      lines.rbegin(), lines.rend(),
      [&](const PersistentSetting& line) { return !line.value && line.read_by.has(loader); });
  return exclusion == lines.rend() ? std::nullopt : std::optional(*exclusion);
}

/// The write of what a change sets that the kernel refuses for the sake of another parameter; null
/// if there is none.
const BootWrite* refusal_of(const Change& change, const BootRun& boot) {
  const auto& writes = boot.writes();
  const auto found = std::ranges::find_if(writes, [&](const BootWrite& write) {
    return write.outcome.against && write.line->parameter == change.parameter &&
           ParameterValue(*write.line->value) == change.after;
  });
  return found == writes.end() ? nullptr : &*found;
}

bool comes_too_late(const Change& change, const BootRun& boot) {
  return std::ranges::any_of(boot.writes(), [&](const BootWrite& write) {
    return write.module_is_late && write.line->parameter == change.parameter;
  });
}

/// "/etc/sysctl.d/50-a.conf:3 sets that", or that none does.
std::string whence(const ParameterName& name, const PersistentSettings& files,
                   SysctlLoader loader) {
  const PersistentSetting* line = files.winner(name, loader);
  return line ? to_text(line->where) + " sets that" : "no file sets that";
}

/// What a boot makes of a parameter without any line; nothing if that is not known.
std::optional<ComputedValue> without_lines(const ParameterName& parameter, const Report& report,
                                           const BootGround& ground, const BootForecast& forecast) {
  auto computed = computed_at_boot(parameter, report.snapshot, ground.standing.at_boot);
  if (computed) return computed;
  const auto itself = forecast.default_of(parameter);
  if (!itself) return std::nullopt;
  return ComputedValue{*itself, "the kernel by itself sets it to " + itself->text(), false};
}

/// Lines of others that set the parameter at boot. One of a package counts only if it decides:
/// there is nothing else wrong with it.
std::vector<PersistentSetting> lines_of_others(const ParameterName& parameter,
                                               const BootGround& ground) {
  std::vector<PersistentSetting> lines =
      lines_that_write(parameter, ground.standing, ground.catalogue);
  std::erase_if(lines, [&](const PersistentSetting& line) {
    const bool read = !ground.standing.at_boot || line.read_by.has(*ground.standing.at_boot);
    return !read || !line.value || line.where.file == ground.our_file ||
           (is_of_package(line.where.file) && line.wins.none());
  });
  return lines;
}

}  // namespace

std::vector<Change> lost_at_boot(const Report& report, const std::vector<Change>& planned,
                                 const BootGround& ground, const PlanPolicy& policy) {
  std::vector<Change> lost;
  for (const SysctlLoader loader : kLoaders) {
    if (ground.standing.at_boot && *ground.standing.at_boot != loader) continue;
    const BootForecast forecast(report.snapshot, ground.catalogue, ground.standing, loader);
    // What is kept may be what another rule waits for.
    for (bool found = true; found;) {
      found = false;
      std::vector<Change> carried_out = planned;
      carried_out.insert(carried_out.end(), lost.begin(), lost.end());
      const auto changed = forecast.changed_beside(carried_out);
      for (Change change : asked_after(forecast, carried_out, changed, ground, policy)) {
        if (!changed.contains(change.parameter)) continue;
        change.after = *report.snapshot.value_of(change.parameter);
        if (!may_be_kept(change, ground.catalogue, policy)) continue;
        lost.push_back(std::move(change));
        found = true;
      }
    }
  }
  return lost;
}

std::vector<LeftToBoot> left_to_boot(const Report& report, const std::vector<Change>& set,
                                     const BootGround& ground, const PlanPolicy& policy) {
  const SysctlLoader loader = ground.standing.at_boot.value_or(SysctlLoader::kSystemd);
  const BootForecast forecast(report.snapshot, ground.catalogue, ground.standing, loader);
  std::vector<LeftToBoot> left;
  std::vector<Change> at_boot = set;
  for (Change& change : at_boot) {
    const auto by_itself = without_lines(change.parameter, report, ground, forecast);
    if (!by_itself) continue;
    auto others = lines_of_others(change.parameter, ground);
    const ParameterInfo* info = ground.catalogue.find(change.parameter);
    // If the number is the same on any host, a line of ours may repeat it, and must beat other
    // lines.
    const bool same = same_value(info, by_itself->value, change.after);
    if (!by_itself->better_than_lines && (same || !others.empty())) continue;
    left.push_back({change, by_itself->by, std::move(others)});
    change.after = by_itself->value;
  }
  std::set<ParameterName> names;
  for (const LeftToBoot& one : left) names.insert(one.change.parameter);
  const std::vector<Change> asked = asked_after(forecast, at_boot, names, ground, policy);
  std::erase_if(left,
                [&](const LeftToBoot& one) { return change_of(asked, one.change.parameter); });
  return left;
}

std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed, const BootStart& start) {
  std::vector<BeatenLine> beaten;
  for (const SysctlLoader loader : kLoaders) {
    const BootRun boot(proposed, start, loader);
    for (const Change& change : persisted) {
      const ParameterInfo* info = start.catalogue.find(change.parameter);
      const BootValue left = boot.left(change.parameter);
      if (left.line && left.value && same_value(info, *left.value, change.after)) continue;
      if (refusal_of(change, boot) || comes_too_late(change, boot)) continue;
      beaten.push_back({change.parameter, change.after, loader,
                        left.line ? std::optional(*left.line)
                                  : line_that_excludes(change.parameter, proposed, loader),
                        left.by_tuned});
    }
  }
  return beaten;
}

std::vector<std::string> lines_refused_at_boot(const std::vector<Change>& persisted,
                                               const PersistentSettings& proposed,
                                               const BootStart& start) {
  const std::vector<BootRun> boots = boots_of(proposed, start);
  std::vector<std::string> sentences;
  for (const Change& change : persisted) {
    const ParameterInfo* info = start.catalogue.find(change.parameter);
    std::string sentence;
    bool everywhere = true;
    for (const BootRun& boot : boots) {
      const BootWrite* refused = refusal_of(change, boot);
      const auto value = boot.left(change.parameter).value;
      if (!refused || !value || same_value(info, *value, change.after)) {
        everywhere = false;
        continue;
      }
      sentence = fmt::format(
          "{} = {} would not outlast a boot: {} when {} loads {} ({}); set both in files, the "
          "other one too, or use --runtime",
          change.parameter.dotted(), change.after.text(), refused->outcome.why,
          to_text(boot.loader()), to_text(refused->at->where),
          whence(*refused->outcome.against, proposed, boot.loader()));
    }
    if (everywhere && !sentence.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::vector<LateModule> late_modules(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed, const BootStart& start) {
  const std::vector<BootRun> boots = boots_of(proposed, start);
  std::vector<LateModule> late;
  for (const Change& change : persisted) {
    const bool too_late = std::ranges::any_of(
        boots, [&](const BootRun& boot) { return comes_too_late(change, boot); });
    if (!too_late) continue;
    late.push_back({change, std::string(start.catalogue.find(change.parameter)->module)});
  }
  return late;
}

}  // namespace advisor
