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

Diagnostics unmatched(const std::vector<std::string>& patterns, const char* flag,
                      const EffectiveProfile& profile) {
  std::vector<std::string> ids;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) ids.emplace_back(rule.id);
  }
  for (const PlainTarget& plain : profile.targets) {
    ids.emplace_back(id_of_target(plain.target.parameter));
  }
  Diagnostics errors;
  for (const std::string& pattern : patterns) {
    const auto is_matched = [&] {
      for (const ActiveGroup& active : profile.groups) {
        for (const Rule& rule : active.group.rules) {
          if (matches_one(rule.id, rule.targets, {pattern})) return true;
        }
      }
      return std::ranges::any_of(profile.targets, [&](const PlainTarget& plain) {
        return matches_one(id_of_target(plain.target.parameter), {&plain.target, 1}, {pattern});
      });
    };
    if (is_of_boot(pattern) || is_matched()) continue;
    Diagnostic error;
    error.message = fmt::format(
        "{} {}: no rule or target of profile {} is called so, nor sets such a "
        "parameter",
        flag, pattern, join(profile.names, " + "));
    if (const auto meant = nearest_name(pattern, ids)) {
      error.hint = fmt::format("did you mean \"{}\"?", *meant);
    }
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace advisor
