#include "apply/affected.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/side_effects.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

/// As a glob(7) pattern below /proc/sys.
std::string path_pattern(std::string pattern) {
  std::ranges::replace(pattern, '.', '/');
  return pattern;
}

/// A parameter that may move along with a change; nothing if it is absent, or closed to root: such
/// a one cannot have been what counts.
Result<std::optional<Affected>> read_one(const World& world, const Change& change,
                                         const ParameterName& name) {
  const Reading now = world.tree.read(name);
  if (!now && !is_closed(now.error())) return now.error();
  const Status writable = now ? world.tree.check_writable(name) : Status(now.error());
  if (!writable && !is_closed(writable.error())) return writable.error();
  if (!writable) return std::optional<Affected>();
  Affected affected{name, *now};
  if (!exclude_each_other(world.catalogue, change.parameter, name)) return std::optional(affected);
  affected.excludes = change.parameter;
  if (now->text() != "0" || change.before.text() != "0") return std::optional(affected);
  return Error{ErrorKind::kRejected,
               fmt::format("{0} and {1} are both 0, and once one of them is set that cannot be "
                           "brought back; nothing was changed. Set one of them by hand first",
                           change.parameter.dotted(), name.dotted()),
               0};
}

Status check_fresh(const World& world, const Affected& affected) {
  const Reading now = world.tree.read(affected.parameter);
  if (!now) return now.error();
  if (same_value(world.catalogue.find(affected.parameter), *now, affected.before)) return {};
  return Error{ErrorKind::kStale,
               fmt::format("{} changed since the plan was made; nothing was changed",
                           affected.parameter.dotted()),
               0};
}

}  // namespace

Result<std::vector<Affected>> read_affected(const World& world, const Plan& plan) {
  std::vector<Affected> affected;
  std::set<ParameterName> known;
  for (const Change& change : plan.changes) known.insert(change.parameter);
  for (const Affected& planned : plan.affected) {
    if (!planned.after || !known.insert(planned.parameter).second) continue;
    if (const Status fresh = check_fresh(world, planned); !fresh) return fresh.error();
    affected.push_back(planned);
  }
  for (const Change& change : plan.changes) {
    for (const std::string& pattern : moved_patterns(world.catalogue, change.parameter)) {
      const auto names = world.tree.matching(path_pattern(pattern));
      if (!names) return names.error();
      for (const ParameterName& name : *names) {
        if (!known.insert(name).second) continue;
        auto one = read_one(world, change, name);
        if (!one) return one.error();
        if (*one) affected.push_back(std::move(**one));
      }
    }
  }
  // Leaders first: put right later, a leader would move again what was put right before it.
  std::ranges::stable_partition(affected, [&](const Affected& one) {
    return !moved_patterns(world.catalogue, one.parameter).empty();
  });
  return affected;
}

Status note_what_moved(const World& world, Plan& plan) {
  for (Affected& affected : plan.affected) {
    if (affected.after) continue;
    const Reading now = world.tree.read(affected.parameter);
    if (now) affected.after = *now;
    // An interface may go at any time, and takes its parameters along.
    if (!now && now.error().kind != ErrorKind::kNotFound) return now.error();
  }
  return {};
}

}  // namespace advisor
