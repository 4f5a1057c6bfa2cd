#include <algorithm>
#include <ranges>

#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/completion_scripts.h"
#include "lint/rule_texts.h"
#include "load/rule_parser.h"
#include "os/network_namespaces.h"
#include "render/text_list.h"

namespace advisor {
namespace {

/// Of an unfinished command line.
constexpr size_t kMostWords = 10'000;

/// What cannot be read has no words: a shell that completes a line has no room for the reason, and
/// the command itself will tell it.
using Words = std::vector<CompletionWord>;

void add_profiles(Context& context, Words& words) {
  for (const std::string& name : context.profiles().profile_names()) {
    const auto source = context.profiles().profile(name);
    Diagnostics of_others;
    if (!source) continue;
    words.push_back(
        {name, std::string(parse_profile(*source, context.parameters(), of_others).summary)});
  }
}

void add_rules(Context& context, Words& words) {
  Diagnostics of_others;
  const auto ground = read_ground(context, of_others);
  if (!ground) return;
  for (const ListedRule& rule : rules_of(ground->profile)) {
    words.push_back({std::string(rule.id), rule.title});
  }
}

void add_all_rules(Context& context, Words& words) {
  Diagnostics of_others;
  for (const std::string& name : context.profiles().rule_group_names()) {
    const auto source = context.profiles().rule_group(name);
    if (!source) continue;
    const RuleGroup group = parse_rule_group(name, *source, context.parameters(), of_others);
    for (const Rule& rule : group.rules) {
      words.push_back({std::string(rule.id), std::string(rule.title)});
    }
  }
  std::vector<std::string> remarks = ids_of_own_rules();
  for (const LintRule& rule : context.profiles().lint_rules(context.catalogue(), of_others).rules) {
    remarks.push_back(rule.id);
  }
  for (const std::string& id : remarks) words.push_back({id, "what `lint` remarks"});
}

/// What the catalogue knows; of a row of each interface the parameters that there are.
std::vector<ParameterName> known_parameters(Context& context) {
  std::vector<ParameterName> known;
  for (const std::string& key : context.catalogue().keys()) {
    const auto row = ParameterName::parse(key);
    if (!row) continue;
    if (key.find('*') == std::string::npos) {
      known.push_back(*row);
    } else if (const auto there = context.tree().matching(row->path())) {
      known.insert(known.end(), there->begin(), there->end());
    }
  }
  return known;
}

void add_parameters(Context& context, Words& words) {
  for (const ParameterName& name : known_parameters(context)) {
    const ParameterInfo* info = context.catalogue().find(name);
    words.push_back({std::string(name.dotted()), info ? std::string(info->meaning) : ""});
  }
}

/// Those that are there to be set.
void add_assignments(Context& context, Words& words) {
  for (const ParameterName& name : known_parameters(context)) {
    const auto presence = context.tree().presence_of(name);
    if (presence && *presence == Presence::kAbsent) continue;
    const ParameterInfo* info = context.catalogue().find(name);
    words.push_back({std::string(name.dotted()) + "=", info ? std::string(info->meaning) : ""});
  }
}

/// But for the one that the shell is in, which the list begins with.
void add_namespaces(Words& words) {
  const auto namespaces = list_network_namespaces();
  if (!namespaces) return;
  for (const NetworkNamespace& one : *namespaces | std::views::drop(1)) {
    words.push_back({one.entry(), one.command});
  }
}

void add_words(Context& context, Vocabulary vocabulary, Words& words) {
  switch (vocabulary) {
    case Vocabulary::kFiles:
    case Vocabulary::kDirectories:
      return;  // the shell knows them
    case Vocabulary::kProfiles:
      return add_profiles(context, words);
    case Vocabulary::kRules:
      return add_rules(context, words);
    case Vocabulary::kAllRules:
      return add_all_rules(context, words);
    case Vocabulary::kParameters:
      return add_parameters(context, words);
    case Vocabulary::kAssignments:
      return add_assignments(context, words);
    case Vocabulary::kNamespaces:
      return add_namespaces(words);
  }
}

/// What was typed in front of the word, as far as it is a command line by itself.
Request request_of(std::vector<std::string> words) {
  words.insert(words.begin(), "sysctl-advisor");
  std::vector<const char*> pointers;
  for (const std::string& word : words) pointers.push_back(word.c_str());
  return parse_command_line(int(pointers.size()), pointers.data()).request;
}

/// The first line says what the shell adds by itself; each other one is a word, and its meaning
/// behind a tab.
std::string answer(const std::vector<std::string>& typed) {
  Completion completion = completion_of(typed);
  const auto takes = [&](Vocabulary vocabulary) {
    return std::ranges::find(completion.vocabularies, vocabulary) != completion.vocabularies.end();
  };
  if (!completion.vocabularies.empty()) {
    Context context(request_of(completion.before));
    (void)context.load();
    for (const Vocabulary vocabulary : completion.vocabularies) {
      add_words(context, vocabulary, completion.words);
    }
  }
  std::string text = takes(Vocabulary::kFiles)         ? "files\n"
                     : takes(Vocabulary::kDirectories) ? "directories\n"
                                                       : "nothing\n";
  for (const auto& [word, meaning] : completion.words) {
    text.append(word).append("\t").append(meaning).append("\n");
  }
  return text;
}

ExitStatus run_completion(Context& context) {
  const std::vector<std::string>& arguments = context.request().arguments;
  const std::string& what = arguments.front();
  if (what == kUnfinishedWords) {
    return print_document(answer({arguments.begin() + 1, arguments.end()}), ExitStatus::kNothing);
  }
  const bool alone = arguments.size() == 1;
  if (alone && what == "bash") return print_document(kBashCompletion, ExitStatus::kNothing);
  if (alone && what == "zsh") return print_document(kZshCompletion, ExitStatus::kNothing);
  if (alone && what == "fish") return print_document(kFishCompletion, ExitStatus::kNothing);
  return fail("say `completion bash`, `zsh` or `fish`");
}

}  // namespace

const Command kCompletionCommand{
    .name = "completion",
    .summary = "the script by which a shell completes command lines of this program",
    .example = "source <(sysctl-advisor completion bash)",
    .flags = "",
    .arguments = "bash | zsh | fish | words WORD...",
    .most_arguments = kMostWords,
    .without_arguments = "say for which shell: bash, zsh or fish",
    .tolerates_bad_catalogue = true,
    .run = run_completion,
};

}  // namespace advisor
