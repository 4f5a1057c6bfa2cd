#include "model/plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace advisor {
namespace {

bool is_off(const ParameterValue& value) {
  return value.text() == "0";
}

bool is_inactive(const Affected& affected) {
  return affected.excludes && affected.after && is_off(*affected.after);
}

Change change_of(const Affected& affected) {
  return {affected.parameter, affected.before, *affected.after, ""};
}

/// Whether the list has a coarser view of the same value: unres_qlen for unres_qlen_bytes,
/// gc_min_interval for gc_min_interval_ms.
bool is_finer(const Change& change, const std::vector<Change>& all) {
  return std::ranges::any_of(all, [&](const Change& other) {
    return change.parameter.dotted().starts_with(fmt::format("{}_", other.parameter.dotted()));
  });
}

/// The other form of a changed parameter, if that is to be the one that is set.
Affected* active_partner(Plan& plan, const Change& change) {
  const auto found = std::ranges::find_if(plan.affected, [&](const Affected& affected) {
    return affected.excludes == change.parameter && affected.after && !is_off(*affected.after);
  });
  return found == plan.affected.end() ? nullptr : &*found;
}

}  // namespace

bool Plan::empty() const {
  return changes.empty() && std::ranges::none_of(affected, &Affected::moved) &&
         !(drop_in && drop_in->changes());
}

Plan inverse_of(const Plan& plan) {
  Plan inverse = plan;
  std::ranges::reverse(inverse.changes);
  for (Change& change : inverse.changes) std::swap(change.before, change.after);
  for (Affected& affected : inverse.affected) {
    const ParameterValue now = affected.after.value_or(affected.before);
    affected.after = affected.before;
    affected.before = now;
  }
  if (inverse.drop_in) std::swap(inverse.drop_in->before, inverse.drop_in->after);
  set_active_members(inverse);
  return inverse;
}

void set_active_members(Plan& plan) {
  for (Change& change : plan.changes) {
    Affected* partner = is_off(change.after) ? active_partner(plan, change) : nullptr;
    if (!partner) continue;
    const Change active{partner->parameter, partner->before, *partner->after, change.because};
    *partner = {change.parameter, change.before, change.after, active.parameter};
    change = active;
  }
}

std::vector<Change> writes_of(const Plan& plan) {
  std::vector<Change> writes = plan.changes;
  for (const Affected& affected : plan.affected) {
    if (affected.after && !is_inactive(affected)) writes.push_back(change_of(affected));
  }
  // Finer parameters last: the coarser one, written later, would cut off their last digits.
  const std::vector<Change> all = writes;
  std::ranges::stable_partition(writes,
                                [&](const Change& change) { return !is_finer(change, all); });
  return writes;
}

std::vector<Change> inactive_of(const Plan& plan) {
  std::vector<Change> inactive;
  for (const Affected& affected : plan.affected) {
    if (is_inactive(affected)) inactive.push_back(change_of(affected));
  }
  return inactive;
}

const Change* change_of(const std::vector<Change>& changes, const ParameterName& parameter) {
  const auto found = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
    return change.parameter == parameter;
  });
  return found == changes.end() ? nullptr : &*found;
}

}  // namespace advisor
