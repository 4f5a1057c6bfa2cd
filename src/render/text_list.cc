#include "render/text_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shortened.h"
#include "base/text.h"

namespace advisor {
namespace {

struct Line {
  std::string name;
  std::string text;
};

/// The names stand below each other unless they leave no room for the text.
std::string lines_text(const std::vector<Line>& lines, const TextStyle& style) {
  constexpr size_t kLeastText = 20;
  size_t widest = 0;
  for (const Line& line : lines) widest = std::max(widest, line.name.size());
  widest = std::min(widest, style.width / 2);
  std::string text;
  for (const Line& line : lines) {
    const size_t taken = std::max(widest, line.name.size()) + 2;
    const size_t room = style.width > taken + kLeastText ? style.width - taken : kLeastText;
    text += fmt::format("{}{}\n", painted(fmt::format("{:<{}}  ", line.name, widest), "1", style),
                        shortened(line.text, room));
  }
  return text;
}

}  // namespace

std::vector<ListedRule> rules_of(const EffectiveProfile& profile) {
  std::vector<ListedRule> rules;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      rules.push_back({rule.id, rule.severity, active.profile, std::string(rule.title)});
    }
  }
  for (const PlainTarget& plain : profile.targets) {
    rules.push_back({id_of_target(plain.target.parameter), plain.severity, plain.profile,
                     std::string(plain.because)});
  }
  return rules;
}

std::string text_rules(const std::vector<ListedRule>& rules, const TextStyle& style) {
  std::vector<Line> lines;
  for (const ListedRule& rule : rules) lines.push_back({std::string(rule.id), rule.title});
  return lines_text(lines, style);
}

Json json_rules(const std::vector<ListedRule>& rules) {
  Json::Array rows;
  for (const ListedRule& rule : rules) {
    rows.emplace_back(Json::Object{{"id", rule.id},
                                   {"severity", name_of(rule.severity)},
                                   {"profile", rule.profile},
                                   {"title", rule.title}});
  }
  return Json::Object{{"schema", "sysctl-advisor/rules/1"}, {"rules", std::move(rows)}};
}

std::string text_parameters(const std::vector<const ParameterInfo*>& parameters,
                            const TextStyle& style) {
  std::vector<Line> lines;
  for (const ParameterInfo* info : parameters) {
    lines.push_back({std::string(info->name.dotted()), std::string(info->meaning)});
  }
  return lines_text(lines, style);
}

Json json_parameters(const std::vector<const ParameterInfo*>& parameters) {
  Json::Array rows;
  for (const ParameterInfo* info : parameters) {
    rows.emplace_back(Json::Object{{"name", info->name.dotted()}, {"meaning", info->meaning}});
  }
  return Json::Object{{"schema", "sysctl-advisor/parameters/1"}, {"parameters", std::move(rows)}};
}

}  // namespace advisor
