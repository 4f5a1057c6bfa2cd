#include "rules/repeated_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ranges>
#include <utility>

#include "load/key_value.h"

namespace advisor {
namespace {

/// A family, and the profile that asks for it.
using Family = std::pair<RuleId, SharedText>;

/// The families of the profile's targets, by the ids of their members.
std::map<RuleId, Family> families_of(const EffectiveProfile& profile) {
  std::map<RuleId, Family> families;
  for (const PlainTarget& plain : profile.targets) {
    const auto name = ParameterName::parse(plain.family);
    if (!name) continue;
    families.emplace(id_of_target(plain.target.parameter),
                     Family(id_of_target(*name), plain.profile));
  }
  return families;
}

void add_controls(const std::vector<SharedText>& more, Finding& finding) {
  for (const SharedText& control : more) {
    if (std::ranges::find(finding.controls, control) == finding.controls.end()) {
      finding.controls.push_back(control);
    }
  }
}

/// What several members require is asked for once.
void take_in(Finding& finding, Finding member) {
  for (Recommendation& wanted : member.recommendations) {
    const auto same = [&](const Recommendation& other) {
      return other.parameter == wanted.parameter;
    };
    if (std::ranges::none_of(finding.recommendations, same)) {
      finding.recommendations.push_back(std::move(wanted));
    }
  }
  std::ranges::move(member.left_out, std::back_inserter(finding.left_out));
}

}  // namespace

void say_once(std::vector<Finding>& findings) {
  const auto asks = [](const Finding& finding) { return finding.asks(); };
  const auto wants_all_of = [](const Finding& rule, const Finding& target) {
    return std::ranges::all_of(target.recommendations, [&](const Recommendation& wanted) {
      return std::ranges::any_of(rule.recommendations, [&](const Recommendation& other) {
        return other.parameter == wanted.parameter && other.advised == wanted.advised;
      });
    });
  };
  for (Finding& target : findings) {
    if (!target.is_target() || !asks(target) || target.recommendations.empty()) continue;
    const auto rule = std::ranges::find_if(findings, [&](const Finding& other) {
      return !other.is_target() && asks(other) && wants_all_of(other, target);
    });
    if (rule == findings.end()) continue;
    target.verdict = Verdict::kNotApplicable;
    target.not_applicable = fmt::format("{} asks for the same", rule->rule);
    target.recommendations.clear();
    add_controls(std::exchange(target.controls, {}), *rule);
    rule->severity = std::max(rule->severity, target.severity);
    rule->details.push_back(
        target.profile == kBySet
            ? std::string("--set asks for it as well")
            : fmt::format("Profile {} wants it as well: {}", target.profile, target.because));
  }
}

void join_families(std::vector<Finding>& findings, const EffectiveProfile& profile) {
  const std::map<RuleId, Family> families = families_of(profile);
  if (families.empty()) return;
  struct Opened {
    size_t at = 0;
    int64_t members = 1;
  };
  std::map<Family, Opened> opened;
  std::vector<Finding> joined;
  joined.reserve(findings.size());
  for (Finding& finding : findings) {
    const auto family = families.find(finding.rule);
    const bool is_member =
        family != families.end() && finding.asks() && family->second.second == finding.profile;
    const auto known = is_member ? opened.find(family->second) : opened.end();
    if (known != opened.end()) {
      ++known->second.members;
      take_in(joined[known->second.at], std::move(finding));
      continue;
    }
    if (is_member) opened.emplace(family->second, Opened{joined.size()});
    joined.push_back(std::move(finding));
  }
  for (const auto& [family, of_family] : opened) {
    // The evidence is that of the first member.
    Finding& finding = joined[of_family.at];
    finding.rule = family.first;
    if (of_family.members == 1) continue;
    finding.evidence += fmt::format("; {} more of the family likewise", of_family.members - 1);
  }
  findings = std::move(joined);
}

}  // namespace advisor
