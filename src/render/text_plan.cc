#include "render/text_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace advisor {

namespace {

std::string line(const ParameterName& name, size_t width, const ParameterValue& before,
                 const ParameterValue& after, const TextStyle& style) {
  return fmt::format("  {:<{}}  {} -> {}", name.dotted(), width, shown(before.text()),
                     painted(shown(after.text()), "1", style));
}

/// How many parameters may move along; their new values are known only once the change is made.
std::string may_move(const Plan& plan) {
  size_t count = 0;
  std::string first;
  for (const Affected& affected : plan.affected) {
    if (affected.after) continue;
    if (++count == 1) first = affected.parameter.dotted();
  }
  if (count == 0) return {};
  const std::string others = count == 1 ? "" : fmt::format(" and {} more", count - 1);
  return fmt::format("  may move along, and is put back with the rest: {}{}\n", first, others);
}

}  // namespace

std::string text_left_out(const std::vector<LeftOut>& left_out, const TextStyle& style) {
  std::string text;
  for (const LeftOut& one : left_out) text += labelled("Left out", in_words(one), style);
  return text;
}

std::string text_plan(const Plan& plan, const TextStyle& style) {
  size_t longest = 0;
  for (const Change& change : plan.changes) {
    longest = std::max(longest, change.parameter.dotted().size());
  }
  for (const Affected& affected : plan.affected) {
    if (affected.moved()) longest = std::max(longest, affected.parameter.dotted().size());
  }
  std::string text;
  for (const Change& change : plan.changes) {
    text += line(change.parameter, longest, change.before, change.after, style) + "\n";
  }
  for (const Affected& affected : plan.affected) {
    if (!affected.moved()) continue;
    text += line(affected.parameter, longest, affected.before, *affected.after, style) +
            " (moves along)\n";
  }
  text += may_move(plan);
  if (plan.drop_in && plan.drop_in->changes()) {
    const char* what = !plan.drop_in->before  ? "new file"
                       : !plan.drop_in->after ? "removed"
                                              : "changed";
    text += fmt::format("  {} ({})\n", plan.drop_in->path, what);
  }
  return text;
}

}  // namespace advisor
