#include "cli/print_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "render/unified_diff.h"

namespace advisor {
namespace {

/// "/etc/sysctl.d/a.conf:3" of the first line that would steer a terminal; empty if none would.
std::string steering_line(const FileChange& change) {
  for (const auto* text : {&change.before, &change.after}) {
    const auto at = *text ? find_control(**text) : std::nullopt;
    if (!at) continue;
    const auto line = 1 + std::count((*text)->begin(), (*text)->begin() + ptrdiff_t(*at), '\n');
    return fmt::format("{}:{}", change.path, line);
  }
  return {};
}

}  // namespace

ExitStatus print_diff(const Context& context, const FileChange& change, ExitStatus status) {
  const std::string diff = unified_diff(change);
  // On a terminal the diff is for a person, and control characters may be replaced.
  if (answer_goes_to_terminal()) return print(painted_diff(diff, context.style()), status);
  if (const std::string line = steering_line(change); find_control(diff) && !line.empty()) {
    return fail(line +
                " holds a control character, which a diff could not show and still be right; take "
                "it out of the file, or look at `apply --dry-run` without --format");
  }
  return print_made(diff, status);
}

}  // namespace advisor
