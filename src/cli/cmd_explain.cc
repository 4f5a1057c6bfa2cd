#include <algorithm>
#include <iterator>

#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/host_reading.h"
#include "cli/surroundings.h"
#include "lint/rule_texts.h"
#include "os/log.h"
#include "render/json_explain.h"
#include "render/text_explain.h"
#include "rules/explain.h"

namespace advisor {
namespace {

/// What `explain` takes at a time.
constexpr size_t kMostTopics = 1000;

/// The host as far as the topics need it: two samples of the counters only where one is too few.
std::optional<Snapshot> read_for(Context& context, const Topics& topics,
                                 const EffectiveProfile& profile) {
  std::set<ParameterName> parameters = parameters_of(profile);
  parameters.merge(parameters_of(topics.outside));
  parameters.insert(topics.parameters.begin(), topics.parameters.end());
  auto snapshot = read_host(context, parameters, Samples::kOne);
  if (!snapshot || !need_two_samples(topics, profile, *snapshot)) return snapshot;
  return read_host(context, parameters);
}

/// What counts besides the snapshot for all that the topics are judged by.
Surroundings surroundings_of(Context& context, const Topics& topics, const Ground& ground,
                             const BootFiles& files, const Snapshot& snapshot) {
  std::set<ParameterName> asked;
  for (const EffectiveProfile* profile : {&ground.profile, &topics.outside}) {
    Diagnostics told_by_explain;
    asked.merge(asked_for(audit(*profile, context.catalogue(), snapshot, ground.config.suppressions,
                                told_by_explain)));
  }
  return surroundings_of(context, asked, &files, snapshot);
}

/// Takes the words that name remarks of `lint` out of `words`: what such remarks say.
std::vector<LintRuleText> take_lint_rules(Context& context, std::vector<std::string>& words,
                                          Diagnostics& diagnostics) {
  std::vector<LintRuleText> texts;
  const auto may_be_id = [](const std::string& word) {
    return word.find_first_of("./:*?[") == std::string::npos;
  };
  if (std::ranges::none_of(words, may_be_id)) return texts;
  const LintKnowledge knowledge = context.profiles().lint_rules(context.catalogue(), diagnostics);
  std::erase_if(words, [&](const std::string& word) {
    auto said = texts_of_rule(word, knowledge);
    std::ranges::move(said, std::back_inserter(texts));
    return !said.empty();
  });
  return texts;
}

/// Which proofs there are of the rules that are explained.
void add_proofs(Context& context, Explanation& explanation, Diagnostics& diagnostics) {
  if (explanation.rules.empty()) return;
  ProvableRules rules;
  for (const Proof& proof :
       context.profiles().proofs(context.parameters(), rules, diagnostics).proofs) {
    for (RuleExplanation& rule : explanation.rules) {
      if (rule.finding.rule.view() == proof.rule) rule.proofs.push_back({proof.id, proof.says});
    }
  }
}

ExitStatus run_explain(Context& context) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  std::vector<std::string> words = request.arguments;
  auto lint = take_lint_rules(context, words, diagnostics);
  const auto ground = read_ground(context, diagnostics);
  if (!ground) return ExitStatus::kTrouble;
  const EffectiveProfile& profile = ground->profile;
  const Topics topics =
      find_topics(words, profile, context.profiles(), context.parameters(), diagnostics);
  const bool has_topics = !lint.empty() || !topics.parameters.empty() || !topics.rules.empty() ||
                          !topics.outside.groups.empty();
  if (has_errors(diagnostics) && !has_topics) {
    show(diagnostics);
    return ExitStatus::kTrouble;
  }
  const auto snapshot = read_for(context, topics, profile);
  if (!snapshot) return ExitStatus::kTrouble;
  const BootFiles files = context.read_boot_files();
  const Surroundings around = surroundings_of(context, topics, *ground, files, *snapshot);
  Explanation explanation = explain(topics, profile, context.catalogue(), *snapshot, files.standing,
                                    ground->config.suppressions, diagnostics, around);
  explanation.lint = std::move(lint);
  add_proofs(context, explanation, diagnostics);
  show(diagnostics);
  if (!request.netns.empty()) {
    log_warning("what is said of files and of the boot is of the host's own network namespace");
  }
  const ExitStatus status = has_errors(diagnostics) ? ExitStatus::kTrouble : ExitStatus::kNothing;
  if (request.format == Format::kJson) return print_json(json_explanation(explanation), status);
  return print(text_explanation(explanation, context.style()), status);
}

}  // namespace

const Command kExplainCommand{
    .name = "explain",
    .summary = "all about a parameter, a rule, or a message that you saw",
    .example = "sysctl-advisor explain \"Cannot assign requested address\"",
    .flags = "--profile --interval --format --netns --from",
    .formats = "text,json",
    .arguments = "KEY|RULE|MESSAGE...",
    .most_arguments = kMostTopics,
    .without_arguments =
        "say what to explain: a parameter, a rule that `audit` names, or a message that you saw",
    .run = run_explain,
};

}  // namespace advisor
