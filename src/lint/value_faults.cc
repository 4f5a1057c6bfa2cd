#include "lint/value_faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "facts/rule_scope.h"
#include "lint/order_faults.h"
#include "lint/text_faults.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

const OptionValues kNoOptions;

/// The values behind the expressions of a rule.
class LintBindings final : public expr::Bindings {
 public:
  explicit LintBindings(const JudgedLine& judged) : judged_(judged) {}

  expr::Value value_of(std::string_view name) const override {
    if (name == kLintValue) return as_value(judged_.parameter, judged_.made());
    if (name == kLintDefault) {
      const auto value = judged_.info->default_on(judged_.ground.kernel);
      return as_value(judged_.parameter,
                      value ? std::optional(ParameterValue(*value)) : std::nullopt);
    }
    const auto other = ParameterName::parse(name.substr(name.find('.') + 1));
    return as_value(*other, judged_.boot.left(*other).value);
  }

 private:
  expr::Value as_value(const ParameterName& name,
                       const std::optional<ParameterValue>& value) const {
    Snapshot snapshot;
    if (value) snapshot.parameters.emplace(name, *value);
    return RuleBindings(judged_.ground.catalogue, kNoOptions, snapshot)
        .value_of("sysctl." + std::string(name.dotted()));
  }

  const JudgedLine& judged_;
};

bool is_one_of(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(
      wanted, [&](const std::string& one) { return std::ranges::find(names, one) != names.end(); });
}

/// Whether the rule is about such a host, and about this parameter.
bool concerns(const LintRule& rule, const JudgedLine& judged) {
  const LintGround& ground = judged.ground;
  if (rule.since && ground.kernel < *rule.since) return false;
  if (rule.before && ground.kernel >= *rule.before) return false;
  if (rule.container && *rule.container != ground.container) return false;
  if (!rule.profiles.empty() && !is_one_of(ground.profiles, rule.profiles)) return false;
  if (is_one_of(ground.profiles, rule.unless_profiles)) return false;
  return std::ranges::any_of(rule.parameters, [&](const ParameterName& name) {
    return speaks_of(name.dotted(), judged.parameter);
  });
}

/// "10 # like this" is taken by the kernel as 10, where one number is read.
bool is_comment_behind(const std::vector<std::string>& words, size_t count) {
  return words.size() > count && words[count].starts_with('#');
}

std::optional<LintFault> fault_of_count(const JudgedLine& judged) {
  const size_t count = field_count(*judged.info);
  const std::vector<std::string> words = split_words(judged.value());
  const bool is_remark = words.size() > 1 && words[1].starts_with('#');
  if (count == 0 && is_remark && judged.info->type == ParameterType::kString) {
    return LintFault{"comment-behind-value", LintVerdict::kSyntax, LintSeverity::kWarning,
                     "A comment behind a value is a part of the value.",
                     "a line of its own for the comment"};
  }
  if (count == 0 || words.size() == count) return std::nullopt;
  const std::string taken = join(
      std::vector(words.begin(), words.begin() + ptrdiff_t(std::min(count, words.size()))), " ");
  if (is_comment_behind(words, count)) {
    return LintFault{"comment-behind-value", LintVerdict::kSyntax, LintSeverity::kWarning,
                     "A comment behind a value is a part of the value: this kernel happens to pass "
                     "over it.",
                     "a line of its own for the comment"};
  }
  if (words.size() > count) {
    return LintFault{
        "extra-words", LintVerdict::kHarmful, LintSeverity::kWarning,
        fmt::format("{} wanted: the kernel takes \"{}\" and passes over the rest.",
                    count == 1 ? "One number is" : counted(int64_t(count), "number") + " are",
                    taken),
        ""};
  }
  return LintFault{"short-vector", LintVerdict::kHarmful, LintSeverity::kWarning,
                   fmt::format("{} are wanted ({}): the others stay as they are.",
                               counted(int64_t(count), "number"), join(judged.info->fields, ", ")),
                   fmt::format("all {} numbers", count)};
}

/// Number words as an administrator may have meant them: quotes and separators left out.
std::string repaired(const JudgedLine& judged) {
  std::string text = judged.value();
  std::erase_if(text, [](char c) { return c == '\'' || c == '"'; });
  if (field_count(*judged.info) > 1) std::ranges::replace(text, ',', ' ');
  if (field_count(*judged.info) == 1) std::erase(text, ',');
  const ParameterValue meant(text);
  if (meant.text() == judged.value() || why_invalid(*judged.info, meant)) return {};
  return fmt::format("{} = {}", judged.parameter.dotted(), meant.text());
}

}  // namespace

LintFaults faults_of_value(const JudgedLine& judged) {
  const ParameterInfo& info = *judged.info;
  if (auto fault = fault_of_value_text(judged.value())) return {*std::move(fault)};
  if (judged.outcome.result == WriteResult::kRefused) {
    return {{"never-taken", LintVerdict::kNeverTaken, LintSeverity::kError,
             fmt::format("The kernel refuses it: {}.", judged.outcome.why), repaired(judged)}};
  }
  LintFaults faults;
  if (auto fault = fault_of_count(judged)) faults.push_back(*std::move(fault));
  const ParameterValue value(judged.value());
  const ParameterValue made = judged.made();
  if (auto why = faults.empty() ? why_invalid(info, value) : std::nullopt) {
    faults.push_back({"value-without-meaning", LintVerdict::kHarmful, LintSeverity::kWarning,
                      fmt::format("The kernel takes it, and it makes no sense: {}.", *why), ""});
  }
  if (is_one_way(info, value)) {
    faults.push_back({"one-way", LintVerdict::kOneWay, LintSeverity::kNote,
                      "It cannot be taken back before the next boot.", ""});
  }
  const auto standard = info.default_on(judged.ground.kernel);
  if (standard && comes_first(judged) && same_value(&info, ParameterValue(*standard), made)) {
    faults.push_back({"default", LintVerdict::kDefault, LintSeverity::kNote,
                      "The kernel sets that by itself.", "delete the line"});
  }
  return faults;
}

LintFaults faults_by_rules(const JudgedLine& judged) {
  const LintBindings bindings(judged);
  LintFaults faults;
  for (const LintRule& rule : judged.ground.knowledge.rules) {
    if (!concerns(rule, judged)) continue;
    if (rule.when) {
      const expr::Value fires = rule.when->value(bindings);
      const auto* yes = std::get_if<bool>(&fires);
      if (!yes || !*yes) continue;
    }
    faults.push_back({rule.id, rule.verdict, rule.severity, rule.why.fill(bindings), rule.instead});
  }
  return faults;
}

}  // namespace advisor
