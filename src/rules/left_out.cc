#include "rules/left_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace advisor {
namespace {

using Wishes = std::span<const Wish>;

/// Each finding's wishes.
std::vector<Wishes> by_finding(const std::vector<Wish>& wishes) {
  std::vector<Wishes> groups;
  for (size_t first = 0, next = 0; first < wishes.size(); first = next) {
    while (next < wishes.size() && wishes[next].finding == wishes[first].finding) ++next;
    groups.push_back(Wishes(wishes).subspan(first, next - first));
  }
  return groups;
}

bool is_lost(const Wish& wish, const NotSettable& reasons) {
  return !wish.untold.empty() || reasons.contains(wish.parameter);
}

/// Adds what requires a parameter that is left out already. False if there was nothing to add.
bool add_dependants(Wishes wishes, NotSettable& reasons) {
  const auto lost = std::ranges::find_if(wishes, [&](const Wish& wish) {
    return wish.asked && wish.required && wish.untold.empty() && reasons.contains(wish.parameter);
  });
  if (lost == wishes.end()) return false;
  bool added = false;
  for (const Wish& wish : wishes) {
    if (wish.required) continue;
    added |= reasons
                 .emplace(wish.parameter, fmt::format("it requires {}, which cannot be set here",
                                                      lost->parameter.dotted()))
                 .second;
  }
  return added;
}

/// Whether the finding has wishes that others make possible, and all of them are left out.
bool nothing_is_left_to_make_possible(Wishes wishes, const NotSettable& reasons) {
  const auto is_end = [](const Wish& wish) { return !wish.required; };
  return std::ranges::any_of(wishes, is_end) && std::ranges::all_of(wishes, [&](const Wish& wish) {
           return wish.required || is_lost(wish, reasons);
         });
}

}  // namespace

std::vector<WishOutcome> leave_out(const std::vector<Wish>& wishes,
                                   const NotSettable& not_settable) {
  NotSettable reasons;
  for (const Wish& wish : wishes) {
    const auto why = not_settable.find(wish.parameter);
    if (why != not_settable.end()) reasons.insert(*why);
  }
  std::vector<WishOutcome> outcomes(wishes.size());
  const auto is_told = [](const Wish& wish) { return wish.untold.empty(); };
  if (reasons.empty() && std::ranges::all_of(wishes, is_told)) return outcomes;
  const std::vector<Wishes> findings = by_finding(wishes);
  for (bool added = true; added;) {
    added = false;
    for (const Wishes& finding : findings) added |= add_dependants(finding, reasons);
  }
  size_t at = 0;
  for (const Wishes& finding : findings) {
    const bool moot = nothing_is_left_to_make_possible(finding, reasons);
    const auto untold = std::ranges::find_if_not(finding, is_told);
    for (const Wish& wish : finding) {
      const auto reason = reasons.find(wish.parameter);
      if (!wish.untold.empty()) {
        outcomes[at].left_out = wish.untold;
      } else if (reason != reasons.end()) {
        outcomes[at].left_out = reason->second;
      } else if (untold != finding.end() && untold->required && !wish.required) {
        outcomes[at].left_out = fmt::format("it requires {}, whose value is not known here",
                                            untold->parameter.dotted());
      }
      outcomes[at].moot = moot && wish.required && !is_lost(wish, reasons);
      ++at;
    }
  }
  return outcomes;
}

}  // namespace advisor
