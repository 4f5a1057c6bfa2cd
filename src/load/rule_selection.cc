#include "load/rule_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"
#include "model/finding.h"

namespace advisor {
namespace {

bool matches_one(const RuleId& id, std::span<const Target> targets,
                 const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    const auto about = [&](const Target& target) {
      return matches_glob(pattern, target.parameter.dotted());
    };
    return matches_glob(pattern, id) || std::any_of(targets.begin(), targets.end(), about);
  });
}

/// Whether it may match a finding on the next boot.
bool is_of_boot(const std::string& pattern) {
  return pattern.starts_with(kBootPrefix) || matches_glob(pattern, "boot") ||
         matches_glob(pattern, kLinesNotInEffect) || matches_glob(pattern, kLinesWithoutEffect);
}

/// Whether a rule or target has such an id or sets such a parameter.
bool is_matched(const std::string& pattern, const EffectiveProfile& profile) {
  const auto of_group = [&](const ActiveGroup& active) {
    return std::ranges::any_of(active.group.rules, [&](const Rule& rule) {
      return matches_one(rule.id, rule.targets, {pattern});
    });
  };
  return is_of_boot(pattern) || std::ranges::any_of(profile.groups, of_group) ||
         std::ranges::any_of(profile.targets, [&](const PlainTarget& plain) {
           return matches_one(id_of_target(plain.target.parameter), {&plain.target, 1}, {pattern});
         });
}

}  // namespace

void select_rules(EffectiveProfile& profile, const std::vector<std::string>& only,
                  const std::vector<std::string>& skip) {
  if (only.empty() && skip.empty()) return;
  const auto unwanted = [&](const RuleId& id, std::span<const Target> targets) {
    return (!only.empty() && !matches_one(id, targets, only)) || matches_one(id, targets, skip);
  };
  for (ActiveGroup& active : profile.groups) {
    std::erase_if(active.group.rules,
                  [&](const Rule& rule) { return unwanted(rule.id, rule.targets); });
  }
  std::erase_if(profile.targets, [&](const PlainTarget& plain) {
    return unwanted(id_of_target(plain.target.parameter), {&plain.target, 1});
  });
}

std::vector<std::string> ids_of(const EffectiveProfile& profile) {
  std::vector<std::string> ids;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) ids.emplace_back(rule.id);
  }
  for (const PlainTarget& plain : profile.targets) {
    ids.emplace_back(id_of_target(plain.target.parameter));
  }
  return ids;
}

bool names_a_finding(const std::string& pattern, const EffectiveProfile& profile) {
  return is_of_boot(pattern) || std::ranges::any_of(ids_of(profile), [&](const std::string& id) {
           return matches_glob(pattern, id);
         });
}

Diagnostics unmatched(const std::vector<std::string>& patterns, const char* flag,
                      const EffectiveProfile& profile) {
  Diagnostics errors;
  for (const std::string& pattern : patterns) {
    if (is_matched(pattern, profile)) continue;
    Diagnostic error;
    error.message = fmt::format(
        "{} {}: no rule or target of profile {} is called so, nor sets such a "
        "parameter",
        flag, pattern, join(profile.names, " + "));
    error.hint = did_you_mean(pattern, ids_of(profile));
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace advisor
