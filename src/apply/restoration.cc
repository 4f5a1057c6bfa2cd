#include "apply/restoration.h"

#include <algorithm>

#include "model/side_effects.h"
#include "model/typed_value.h"
#include "model/write.h"
#include "model/write_order.h"

namespace advisor {
namespace {

/// Whether a number lies between the two, or a word is one of them.
bool lies_between(const std::string& now, const std::string& before, const std::string& after) {
  if (now == before || now == after) return true;
  const auto number = parse_kernel_integer(now);
  const auto from = parse_kernel_integer(before);
  const auto to = parse_kernel_integer(after);
  if (!number || !from || !to) return false;
  return std::min(*from, *to) <= *number && *number <= std::max(*from, *to);
}

/// Whether the value may be what the kernel made of a write: it rounded it, took only some numbers
/// of a vector, or moved numbers into its limits. The value before was within these limits, so
/// every number must lie between the one before and the one written.
bool is_partly_taken(const Change& change, const ParameterValue& now, const ParameterInfo* info) {
  if (may_show(info, change.after, now)) return true;
  const auto& words = now.words();
  const auto& before = change.before.words();
  const auto& after = change.after.words();
  if (words.size() != before.size() || words.size() != after.size()) return false;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!lies_between(words[i], before[i], after[i])) return false;
  }
  return true;
}

class Restorer {
 public:
  Restorer(const World& world, const Plan& plan, const Claim& claim)
      : world_(world), plan_(plan), claim_(claim) {}

  Restoration restore() {
    for (auto change = plan_.changes.rbegin(); change != plan_.changes.rend(); ++change) {
      if (const auto now = read(*change, /*tell=*/true)) restore_change(*change, *now);
    }
    // The reverse order is right only where all was carried out and nobody else changed anything.
    restoration_.plan.changes = ordered(restoration_.plan.changes, world_.catalogue);
    for (const Affected& affected : plan_.affected) restore_affected(affected);
    set_active_members(restoration_.plan);
    if (restoration_.plan.empty()) restoration_.plan = {};
    return std::move(restoration_);
  }

 private:
  std::optional<ParameterValue> read(const Change& change, bool tell) {
    const Reading now = world_.tree.read(change.parameter);
    if (now) return *now;
    if (now.error().kind == ErrorKind::kNotFound) {
      if (tell) restoration_.gone.push_back(change.parameter);
    } else {
      restoration_.unreadable.push_back({change, now.error()});
    }
    return std::nullopt;
  }

  /// Whether the value that stands is our doing, though it differs from what was asked for.
  bool is_our_remnant(const Change& change, const ParameterValue& now, const Progress& progress) {
    if (const ParameterValue* shown = progress.shown(change.parameter)) return now == *shown;
    if (progress.begun(change.parameter))
      return is_partly_taken(change, now, world_.catalogue.find(change.parameter));
    return std::ranges::any_of(plan_.changes, [&](const Change& other) {
      return progress.begun(other.parameter) &&
             may_move(world_.catalogue, other.parameter, change.parameter);
    });
  }

  void restore_change(const Change& change, const ParameterValue& now) {
    const ParameterInfo* info = world_.catalogue.find(change.parameter);
    Standing standing = standing_of(change, now, info);
    const bool remains = claim_.unfinished && is_our_remnant(change, now, *claim_.unfinished);
    if (standing == Standing::kForeign && (claim_.force || remains)) standing = Standing::kAfter;
    if (standing == Standing::kForeign) {
      restoration_.foreign.push_back({change.parameter, now, change.after, change.before});
    } else if (standing == Standing::kAfter && info && is_one_way(*info, now)) {
      restoration_.final.push_back(change.parameter);
    } else if (standing == Standing::kAfter) {
      restoration_.plan.changes.push_back({change.parameter, now, change.before, change.because});
      return;
    }
    hold(change.parameter, now);
  }

  void restore_affected(const Affected& affected) {
    const Change change{affected.parameter, affected.before,
                        affected.after.value_or(affected.before), ""};
    const auto now = read(change, affected.moved());
    if (!now) return;
    const Standing standing = standing_of(change, *now, world_.catalogue.find(affected.parameter));
    // Once any write was begun it is unknown where the kernel moved this parameter.
    const bool in_doubt = claim_.unfinished && claim_.unfinished->any();
    const bool ours = claim_.force || in_doubt || standing != Standing::kForeign;
    // If somebody else has set a parameter since, its other form is left along with it.
    if (ours && !is_held(affected.excludes)) {
      restoration_.plan.affected.push_back(
          {affected.parameter, *now, affected.before, affected.excludes});
      return;
    }
    if (affected.moved() && standing == Standing::kForeign) {
      restoration_.foreign.push_back({affected.parameter, *now, change.after, affected.before});
    }
    hold(affected.parameter, *now);
  }

  bool is_held(const std::optional<ParameterName>& name) const {
    return name && std::ranges::any_of(held_, [&](const auto& held) { return held == *name; });
  }

  void hold(const ParameterName& name, const ParameterValue& now) {
    held_.push_back(name);
    restoration_.plan.affected.push_back({name, now, now});
  }

  const World& world_;
  const Plan& plan_;
  const Claim& claim_;
  std::vector<ParameterName> held_;
  Restoration restoration_;
};

}  // namespace

Standing standing_of(const Change& change, const ParameterValue& now, const ParameterInfo* info) {
  if (same_value(info, now, change.before)) return Standing::kBefore;
  return same_value(info, now, change.after) ? Standing::kAfter : Standing::kForeign;
}

Standing standing_of(const FileChange& change, const std::optional<std::string>& now) {
  if (now == change.before) return Standing::kBefore;
  return now == change.after ? Standing::kAfter : Standing::kForeign;
}

Restoration restoration_of(const World& world, const Plan& plan, const Claim& claim) {
  return Restorer(world, plan, claim).restore();
}

}  // namespace advisor
