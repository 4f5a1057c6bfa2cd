#include "rules/repeated_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "load/key_value.h"

namespace advisor {
namespace {

/// The families of the profile's targets, by the ids of their members.
std::map<RuleId, RuleId> families_of(const EffectiveProfile& profile) {
  std::map<RuleId, RuleId> families;
  for (const PlainTarget& plain : profile.targets) {
    if (plain.family.empty()) continue;
    const auto family = ParameterName::parse(plain.family);
    if (family) families.emplace(id_of_target(plain.target.parameter), id_of_target(*family));
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

void take_in(Finding& finding, Finding member) {
  std::ranges::move(member.recommendations, std::back_inserter(finding.recommendations));
  std::ranges::move(member.left_out, std::back_inserter(finding.left_out));
}

/// The evidence is that of the first member.
void name_after_family(Finding& finding, const RuleId& family) {
  finding.rule = family;
  const size_t others = finding.recommendations.size() + finding.left_out.size() - 1;
  if (others > 0) finding.evidence += fmt::format("; {} more of the family likewise", others);
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
  const std::map<RuleId, RuleId> families = families_of(profile);
  if (families.empty()) return;
  std::map<RuleId, size_t> opened;  // where the finding of each family stands
  std::vector<Finding> joined;
  joined.reserve(findings.size());
  for (Finding& finding : findings) {
    const auto family = families.find(finding.rule);
    if (family == families.end() || !finding.asks()) {
      joined.push_back(std::move(finding));
    } else if (const auto [at, first] = opened.emplace(family->second, joined.size()); first) {
      joined.push_back(std::move(finding));
    } else {
      take_in(joined[at->second], std::move(finding));
    }
  }
  for (const auto& [family, at] : opened) name_after_family(joined[at], family);
  findings = std::move(joined);
}

}  // namespace advisor
