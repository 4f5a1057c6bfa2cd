#include "render/text_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace advisor {

std::string text_plan(const Plan& plan, const TextStyle& style) {
  size_t longest = 0;
  for (const Change& change : plan.changes) {
    longest = std::max(longest, change.parameter.dotted().size());
  }
  std::string text;
  for (const Change& change : plan.changes) {
    text +=
        fmt::format("  {:<{}}  {} -> {}\n", change.parameter.dotted(), longest,
                    change.before.empty() ? "(empty)" : change.before.text(),
                    painted(change.after.empty() ? "(empty)" : change.after.text(), "1", style));
  }
  if (plan.drop_in && plan.drop_in->changes()) {
    const char* what = !plan.drop_in->before  ? "new file"
                       : !plan.drop_in->after ? "removed"
                                              : "changed";
    text += fmt::format("  {} ({})\n", plan.drop_in->path, what);
  }
  return text;
}

}  // namespace advisor
