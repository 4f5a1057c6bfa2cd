#include "cli/surroundings.h"

#include <fmt/format.h>

#include <algorithm>

#include "boot/file_values.h"
#include "model/side_effects.h"
#include "model/typed_value.h"
#include "plan/namespace_scope.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

/// Why a write to the parameter could not be put back: it moves along another one that is mounted
/// read-only. The kernel moves that one all the same, and leaves it when the parameter goes back.
std::optional<std::string> why_not_put_back(Context& context, const ParameterName& name) {
  const SysctlTree& tree = context.tree();
  const Reading leader = tree.read(name);
  for (std::string pattern : moved_patterns(context.catalogue(), name)) {
    std::ranges::replace(pattern, '.', '/');
    const auto others = tree.matching(pattern);
    // Whoever changes the parameter looks again (read_affected), and refuses all.
    if (!others) return std::nullopt;
    for (const ParameterName& other : *others) {
      const Status writable = tree.check_writable(other);
      if (other == name || writable || writable.error().kind != ErrorKind::kReadOnly) continue;
      const Reading now = tree.read(other);
      const bool goes_back =
          leader && now && same_value(context.catalogue().find(other), *leader, *now);
      if (goes_back) continue;
      return fmt::format(
          "a write to it may move {}, which is mounted read-only here and could not "
          "be put back",
          other.dotted());
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_not_settable(Context& context, const ParameterName& name) {
  const std::string& netns = context.request().netns;
  if (!netns.empty()) {
    if (auto why = why_outside_of_namespace(name, context.catalogue(), netns)) return why;
  }
  if (!context.live()) return std::nullopt;
  const Status writable = context.tree().check_writable(name);
  if (writable) return why_not_put_back(context, name);
  // After a failed attempt whoever writes the parameter looks again, and then refuses all.
  return is_closed(writable.error()) ? std::optional(writable.error().message) : std::nullopt;
}

Surroundings surroundings_of(Context& context, const std::set<ParameterName>& parameters,
                             const BootFiles* files, const Snapshot& snapshot) {
  Surroundings around;
  for (const ParameterName& name : parameters) {
    if (auto why = why_not_settable(context, name)) around.not_settable.emplace(name, *why);
  }
  if (!files) return around;
  const FileChange without_ours{kDropInPath, std::nullopt, std::nullopt};
  const FileValues values(files->standing,
                          settings_of(with(files->configuration, without_ours), context.tree()),
                          boot_start(context, snapshot.host.kernel));
  for (const ParameterName& name : parameters) {
    auto given = values.of(name);
    if (!given.empty()) around.at_boot.emplace(name, std::move(given));
  }
  return around;
}

BootStart boot_start(Context& context, const std::string& kernel) {
  return {context.catalogue(), KernelVersion::parse(kernel),
          remembered(standing_values(context.tree()))};
}

}  // namespace advisor
