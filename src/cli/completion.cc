#include "cli/completion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "cli/commands.h"

namespace advisor {
namespace {

struct Row {
  std::string_view placeholder;
  Vocabulary vocabulary;
};

/// What stands behind flags and commands in the help.
constexpr std::array kRows{
    Row{"FILE", Vocabulary::kFiles},
    Row{"FILE|DIR|-", Vocabulary::kFiles},
    Row{"PATH", Vocabulary::kFiles},
    Row{"BEFORE", Vocabulary::kFiles},
    Row{"AFTER", Vocabulary::kFiles},
    Row{"DIR", Vocabulary::kDirectories},
    Row{"NAME", Vocabulary::kProfiles},
    Row{"NAME|FILE", Vocabulary::kProfiles},
    Row{"NAME|FILE", Vocabulary::kFiles},
    Row{"NAME|PID", Vocabulary::kNamespaces},
    Row{"NAME|PID|all", Vocabulary::kNamespaces},
    Row{"GLOB", Vocabulary::kRules},
    Row{"KEY", Vocabulary::kParameters},
    Row{"KEY|RULE|MESSAGE", Vocabulary::kAllRules},
    Row{"KEY|RULE|MESSAGE", Vocabulary::kParameters},
    Row{"KEY=VALUE", Vocabulary::kAssignments},
};

/// The command line in front of its last word.
struct Typed {
  const Command* command = nullptr;
  std::vector<std::string> arguments;
  std::vector<std::string> flags;  ///< by their first names
  const Flag* open = nullptr;      ///< whose value is the next word
  bool only_arguments = false;     ///< behind "--"
};

std::vector<const Flag*> flags_here(const Command* command) {
  std::vector<const Flag*> flags;
  if (command) flags = flags_of(*command);
  for (const Flag& flag : global_flags()) flags.push_back(&flag);
  flags.push_back(&kHelpFlag);
  if (!command) flags.push_back(&kVersionFlag);
  return flags;
}

/// Null if the command has no such flag.
const Flag* flag_named(const std::string& name, const Command* command) {
  for (const Flag* flag : flags_here(command)) {
    const std::vector<std::string> names = split(flag->name, ',');
    if (std::ranges::find(names, name) != names.end()) return flag;
  }
  return nullptr;
}

const Command* command_named(const std::string& name) {
  const auto found = std::ranges::find(
      commands(), name, [](const Command* command) { return std::string_view(command->name); });
  return found == commands().end() ? nullptr : *found;
}

void add(const std::string& word, Typed& typed) {
  if (typed.open) {
    typed.open = nullptr;
  } else if (!typed.only_arguments && word.starts_with('-') && word != "-") {
    typed.only_arguments = word == "--";
    const Flag* flag = flag_named(word.substr(0, word.find('=')), typed.command);
    if (!flag) return;
    typed.flags.emplace_back(flag->name);
    if (*flag->value && word.find('=') == std::string::npos) typed.open = flag;
  } else if (typed.command) {
    typed.arguments.push_back(word);
  } else {
    typed.command = command_named(word);  // `help` before a command leaves it to the next word
  }
}

bool may_repeat(const Flag& flag) {
  return flag.repeated == Repeated::kYes ||
         std::holds_alternative<std::vector<std::string> Request::*>(flag.member);
}

void add_commands(Completion& completion) {
  for (const Command* command : commands()) {
    completion.words.push_back({command->name, command->summary});
  }
}

/// Those that were not given yet, or may be given again.
void add_flags(const Typed& typed, Completion& completion) {
  for (const Flag* flag : flags_here(typed.command)) {
    const bool given = std::ranges::find(typed.flags, flag->name) != typed.flags.end();
    if (given && !may_repeat(*flag)) continue;
    for (const std::string& name : split(flag->name, ',')) {
      completion.words.push_back({name, flag->help});
    }
  }
}

/// Words in small letters stand for themselves.
void add_values(const Flag& flag, const Command* command, Completion& completion) {
  const std::string choices = command ? choices_of(flag, *command) : flag.choices;
  if (!choices.empty()) {
    for (const std::string& choice : split(choices, ',')) completion.words.push_back({choice, ""});
  }
  completion.vocabularies = vocabularies_of(flag.value);
  for (const std::string& part : split(flag.value, '|')) {
    if (!part.empty() && islower(part.front())) completion.words.push_back({part, ""});
  }
}

/// "[FILE|DIR|-]..." without what tells how often it may stand there.
std::string bare(std::string placeholder) {
  std::erase_if(placeholder, [](char c) { return c == '[' || c == ']' || c == '.'; });
  return placeholder;
}

/// By the command's row: a placeholder for each argument, the last one for all further ones, or
/// alternatives such as "list | show NAME | check FILE...".
void add_arguments(const Typed& typed, Completion& completion) {
  const Command& command = *typed.command;
  if (typed.arguments.size() >= command.most_arguments) return;
  const std::string row = command.arguments;
  if (row.find(" | ") == std::string::npos) {
    const std::vector<std::string> words = split_words(row);
    const size_t at = std::min(typed.arguments.size(), words.size() - 1);
    completion.vocabularies = vocabularies_of(bare(words[at]));
    return;
  }
  for (const std::string& alternative : split(row, '|')) {
    const std::vector<std::string> words = split_words(alternative);
    if (typed.arguments.empty()) {
      completion.words.push_back({words.front(), ""});
    } else if (typed.arguments.front() == words.front() && words.size() > 1) {
      const bool repeats = words.back().ends_with("...");
      if (repeats || typed.arguments.size() < words.size()) {
        completion.vocabularies = vocabularies_of(bare(words.back()));
      }
    }
  }
}

}  // namespace

std::vector<Vocabulary> vocabularies_of(std::string_view placeholder) {
  std::vector<Vocabulary> vocabularies;
  for (const Row& row : kRows) {
    if (row.placeholder == placeholder) vocabularies.push_back(row.vocabulary);
  }
  return vocabularies;
}

std::optional<Invocation> asked_to_complete(int argc, const char* const* argv) {
  constexpr int kWords = 2;  // where that word stands, behind the program and the command
  const bool asked = argc > kWords && argv[1] == std::string_view(kCompletionCommand.name) &&
                     argv[kWords] == std::string_view(kUnfinishedWords);
  if (!asked) return std::nullopt;
  Invocation invocation;
  invocation.command = &kCompletionCommand;
  invocation.request.arguments.assign(argv + kWords, argv + argc);
  return invocation;
}

Completion completion_of(const std::vector<std::string>& words) {
  const std::string last = words.empty() ? "" : words.back();
  Completion completion;
  completion.before.assign(words.begin(), words.end() - (words.empty() ? 0 : 1));
  Typed typed;
  for (const std::string& word : completion.before) add(word, typed);
  const bool names_flag = !typed.only_arguments && last.starts_with('-');
  const size_t equals = names_flag && last.starts_with("--") ? last.find('=') : std::string::npos;
  if (typed.open) {
    add_values(*typed.open, typed.command, completion);
    completion.before.pop_back();
  } else if (equals != std::string::npos) {
    const Flag* flag = flag_named(last.substr(0, equals), typed.command);
    if (flag) add_values(*flag, typed.command, completion);
  } else if (names_flag) {
    add_flags(typed, completion);
  } else if (!typed.command) {
    add_commands(completion);
  } else {
    add_arguments(typed, completion);
    const bool nothing = completion.words.empty() && completion.vocabularies.empty();
    if (nothing && !typed.only_arguments) add_flags(typed, completion);
  }
  return completion;
}

}  // namespace advisor
