#include "render/text_explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/parameter_cost.h"
#include "render/parameter_text.h"
#include "render/text_report.h"

namespace advisor {
namespace {

/// As labelled, for text with a value that may be long without blanks (lists of ports): a word that
/// does not fit a line is broken anywhere.
std::string labelled_value(std::string_view label, std::string_view text, const TextStyle& style) {
  constexpr size_t kIndent = 12;
  const size_t room = style.width > 2 * kIndent ? style.width - kIndent : kIndent;
  std::string broken;
  for (const std::string& word : split_words(text)) {
    for (size_t at = 0; at < word.size(); at += room) {
      broken += (broken.empty() ? "" : " ") + word.substr(at, room);
    }
  }
  return labelled(label, broken, style);
}

/// Each sentence on lines of its own, the label before the first.
template <typename Text>
std::string paragraph(const std::string& label, const std::vector<Text>& sentences,
                      const TextStyle& style) {
  std::string text;
  for (const Text& sentence : sentences) {
    text += labelled_value(text.empty() ? label : "", sentence, style);
  }
  return text;
}

std::string profiles_text(const Explanation& explanation) {
  return fmt::format("{} {}", explanation.profiles.size() == 1 ? "profile" : "profiles",
                     join(explanation.profiles, " + "));
}

/// Whether the expression puts others together, which stand before it.
bool is_compound(const Observed& seen) {
  return seen.expression.view().find("&&") != std::string_view::npos ||
         seen.expression.view().find("||") != std::string_view::npos;
}

/// What an audit says of it, and the values that it looked at, whatever the verdict is.
std::string verdict_text(Finding finding, const TextStyle& style) {
  if (!style.verbose && finding.observed.size() > 1) {
    std::erase_if(finding.observed, is_compound);
  }
  std::string text = text_details(finding, style);
  // The title above gives the severity only of what was found.
  if (finding.verdict != Verdict::kViolated) {
    text = labelled("Severity", fmt::format("{}, if it comes to that", name_of(finding.severity)),
                    style) +
           text;
  }
  return text + text_values(finding, style);
}

std::string brief_rule_text(const RuleExplanation& rule, const TextStyle& style) {
  Finding finding = rule.finding;
  if (finding.verdict == Verdict::kSatisfied || finding.verdict == Verdict::kNotApplicable) {
    finding.because = {};
    finding.cost = {};
  }
  finding.reference.clear();
  return text_heading(finding, style) + verdict_text(finding, style);
}

std::string rules_text(const ParameterExplanation& parameter, const Explanation& explanation,
                       const TextStyle& style) {
  const std::string whose = profiles_text(explanation);
  if (parameter.rules.empty()) {
    return labelled("Rules", fmt::format("No rule or target of {} is about it.", whose), style);
  }
  std::string text =
      labelled("Rules", fmt::format("Those of {} that are about it follow.", whose), style);
  for (const RuleExplanation& rule : parameter.rules) text += "\n" + brief_rule_text(rule, style);
  return text;
}

std::string parameter_text(const ParameterExplanation& parameter, const Explanation& explanation,
                           const TextStyle& style) {
  const Host& host = explanation.host;
  std::string text = painted(parameter.parameter.dotted(), "1", style) + "\n";
  text += labelled_value("Value", value_words(parameter, host), style);
  if (parameter.info) {
    const ParameterInfo& info = *parameter.info;
    text += labelled("Meaning", info.meaning, style);
    text += labelled("Type", type_words(info), style);
    text += labelled("Bits", bits_words(info), style);
    text += labelled("Scope", scope_words(info), style);
    text += labelled("Change", change_words(info), style);
    text += labelled("Cost", costs_in_words(info), style);
    text += labelled("Kernel", kernel_words(parameter, host), style);
    text += labelled("Open", open_words(info), style);
    text += paragraph("See", info.reference, style);
  } else {
    text += labelled("Meaning", "It is not in the catalogue: only its value is known here.", style);
  }
  text += paragraph("Boot", boot_words(parameter), style);
  return text + rules_text(parameter, explanation, style);
}

std::string origin_words(const RuleExplanation& rule, const Explanation& explanation) {
  const std::string where = to_text(rule.finding.where);
  if (rule.in_profile) return fmt::format("{}, by profile {}", where, rule.finding.profile);
  return fmt::format(
      "{}. It is not used by {}: it was judged by itself, with the options of its rule file.",
      where, profiles_text(explanation));
}

std::string reading_words(const RuleExplanation::ParameterNow& parameter) {
  const std::string_view name = parameter.parameter.dotted();
  if (!parameter.now) return fmt::format("{}: {}", name, parameter.now.error().message);
  return fmt::format("{} = {}", name, shown(parameter.now->text()));
}

std::string rule_text(const RuleExplanation& rule, const Explanation& explanation,
                      const TextStyle& style) {
  std::string text = text_heading(rule.finding, style);
  text += labelled("Stands", origin_words(rule, explanation), style);
  text += paragraph("Applies", rule.applies, style);
  text += labelled("When", rule.condition.empty() ? "on any host" : rule.condition, style);
  text += labelled("Critical", rule.critical_when, style);
  std::vector<std::string> options, parameters, proofs;
  for (const auto& option : rule.options) {
    options.push_back(fmt::format("{} = {}{}{}", option.name, option.value,
                                  option.meaning.empty() ? "" : ": ", option.meaning));
  }
  for (const auto& parameter : rule.parameters) parameters.push_back(reading_words(parameter));
  text += paragraph("Options", options, style);
  text += paragraph("Requires", rule.requirements, style);
  text += paragraph("Target", rule.targets, style);
  for (const auto& proof : rule.proofs) {
    proofs.push_back(fmt::format("`sysctl-advisor prove {}`: {}", proof.id, proof.says));
  }
  text += paragraph("Now", parameters, style);
  text += paragraph("Proof", proofs, style);
  return text + verdict_text(rule.finding, style);
}

std::string lint_rule_text(const LintRuleText& rule, const TextStyle& style) {
  std::string text = painted(rule.id, "1", style) + "\n";
  text += labelled("Verdict",
                   fmt::format("{} ({}), of a line of a sysctl.d file that `lint` judges",
                               name_of(rule.verdict), name_of(rule.severity)),
                   style);
  text += labelled("Sets", join(rule.parameters, ", "), style);
  text += labelled("When", rule.when, style);
  text += labelled("Kernels", rule.kernels, style);
  text += labelled("Why", rule.why, style);
  text += labelled("Instead", rule.instead, style);
  return text + paragraph("See", rule.reference, style);
}

bool is_wrong(const RuleExplanation& rule) {
  return rule.finding.verdict == Verdict::kViolated;
}

/// The verdict, the id, and what is so: of what was not judged, why.
std::string rule_line(const Finding& finding, const TextStyle& style) {
  Finding told = finding;
  if (finding.verdict == Verdict::kNotApplicable) told.title = finding.not_applicable;
  if (finding.verdict == Verdict::kUnknown) told.title = join(finding.missing, "; ");
  return text_heading(told, style);
}

/// What to do where nothing can be told of a symptom: of the parameters that it leads to, none can
/// be read here.
std::string nothing_told(const Symptom& symptom, const TextStyle& style) {
  std::vector<std::string> names;
  for (const ParameterName& name : symptom.parameters) names.emplace_back(name.dotted());
  return wrapped(fmt::format("No rule knows this message. It may come of {}, which cannot be read "
                             "here: `sysctl-advisor explain` tells what is known of a parameter by "
                             "its name. More of the message, as it was printed, may lead further.",
                             join(names, " or of ")),
                 style.width, "  ");
}

/// What may be behind a symptom, a line each, what is wrong here first.
std::string symptom_text(const Symptom& symptom, const Explanation& explanation,
                         const TextStyle& style) {
  std::vector<const RuleExplanation*> rules;
  for (const RuleExplanation& rule : explanation.rules) {
    if (std::ranges::find(symptom.rules, rule.finding.rule) != symptom.rules.end()) {
      rules.push_back(&rule);
    }
  }
  std::ranges::stable_partition(rules, [](const RuleExplanation* rule) { return is_wrong(*rule); });
  const std::string heading = painted("\"" + printable(symptom.said) + "\"", "1", style) + "\n";
  std::string text;
  for (const RuleExplanation* rule : rules) text += rule_line(rule->finding, style);
  for (const ParameterExplanation& parameter : explanation.parameters) {
    const bool meant =
        std::ranges::find(symptom.parameters, parameter.parameter) != symptom.parameters.end();
    if (!meant || !parameter.now) continue;
    text += wrapped(fmt::format("{} = {}", parameter.parameter.dotted(), parameter.now->text()),
                    style.width, "  ");
    if (parameter.info) text += wrapped(parameter.info->meaning, style.width, "    ");
  }
  if (text.empty()) return heading + nothing_told(symptom, style);
  return heading + text +
         wrapped("`sysctl-advisor explain` tells all of each, by its name.", style.width, "  ");
}

/// Whether it is told in a line, since a symptom led to it.
template <typename T>
bool is_behind_symptom(const Explanation& explanation, std::vector<T> Symptom::* those,
                       const T& it) {
  return std::ranges::any_of(explanation.symptoms, [&](const Symptom& symptom) {
    return std::ranges::find(symptom.*those, it) != (symptom.*those).end();
  });
}

}  // namespace

std::string text_explanation(const Explanation& explanation, const TextStyle& style) {
  std::string text;
  const auto add = [&](const std::string& section) {
    text += (text.empty() ? "" : "\n") + section;
  };
  for (const Symptom& symptom : explanation.symptoms) {
    add(symptom_text(symptom, explanation, style));
  }
  for (const ParameterExplanation& parameter : explanation.parameters) {
    if (is_behind_symptom(explanation, &Symptom::parameters, parameter.parameter)) continue;
    add(parameter_text(parameter, explanation, style));
  }
  for (const RuleExplanation& rule : explanation.rules) {
    if (!is_wrong(rule) && is_behind_symptom(explanation, &Symptom::rules, rule.finding.rule))
      continue;
    add(rule_text(rule, explanation, style));
  }
  for (const LintRuleText& rule : explanation.lint) add(lint_rule_text(rule, style));
  return text;
}

}  // namespace advisor
