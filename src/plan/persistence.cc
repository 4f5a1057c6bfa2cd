#include "plan/persistence.h"

#include <algorithm>
#include <utility>

#include "boot/computed_values.h"
#include "boot/forecast.h"
#include "model/typed_value.h"
#include "rules/audit.h"

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

/// Whether a line says just what is wanted, as ours do.
bool is_said(const Change& change, const PersistentSettings& proposed) {
  const auto& lines = proposed.lines_on(change.parameter);
  return std::any_of(lines.begin(), lines.end(), [&](const PersistentSetting& line) {
    return line.value == change.after.text();
  });
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
      BootLines(ground.standing, ground.catalogue).that_write(parameter);
  std::erase_if(lines, [&](const PersistentSetting& line) {
    const bool read = !ground.standing.at_boot || line.read_by.has(*ground.standing.at_boot);
    const bool of_package =
        std::string_view(line.where.file).find("/lib/sysctl.d/") != std::string_view::npos;
    return !read || !line.value || line.where.file == ground.our_file ||
           (of_package && line.wins.none());
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
      Diagnostics conflicts;  // of demands that this host, as it is, does not raise
      std::vector<Change> carried_out = planned;
      carried_out.insert(carried_out.end(), lost.begin(), lost.end());
      const Report after = audit(ground.profile, ground.catalogue, forecast.with(carried_out),
                                 ground.suppressions, conflicts);
      for (Change change : plan_changes(after, ground.catalogue, policy).changes) {
        const Reading now = report.snapshot.reading(change.parameter);
        if (!now || change_of(carried_out, change.parameter)) continue;
        change.after = *now;
        const ParameterInfo* info = ground.catalogue.find(change.parameter);
        if (same_value(info, change.before, change.after)) continue;
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
  if (left.empty()) return left;
  Diagnostics conflicts;  // dropped, as in lost_at_boot()
  const Report after = audit(ground.profile, ground.catalogue, forecast.with(at_boot),
                             ground.suppressions, conflicts);
  const std::vector<Change> asked = plan_changes(after, ground.catalogue, policy).changes;
  std::erase_if(left,
                [&](const LeftToBoot& one) { return change_of(asked, one.change.parameter); });
  return left;
}

std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed,
                                     const Catalogue& catalogue) {
  std::vector<BeatenLine> beaten;
  const BootLines lines(proposed, catalogue);
  for (const Change& change : persisted) {
    const ParameterInfo* info = catalogue.find(change.parameter);
    // A line of others may leave numbers out: they are taken to be as wanted.
    const auto before = is_said(change, proposed) ? std::nullopt : std::optional(change.after);
    for (const SysctlLoader loader : kLoaders) {
      const BootValue left = lines.outcome(change.parameter, loader, before);
      if (left.line && left.value && same_value(info, *left.value, change.after)) continue;
      beaten.push_back({change.parameter, change.after, loader,
                        left.line ? std::optional(*left.line)
                                  : line_that_excludes(change.parameter, proposed, loader)});
    }
  }
  return beaten;
}

}  // namespace advisor
