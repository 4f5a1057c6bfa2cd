#include "cli/usage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/options.h"

namespace advisor {
namespace {

std::string command_names() {
  std::vector<std::string> names;
  for (const Command* command : commands()) names.emplace_back(command->name);
  return join(names, ", ");
}

bool is_command(const std::string& word) {
  return std::ranges::any_of(commands(),
                             [&](const Command* command) { return word == command->name; });
}

/// The commands that take a flag, comma separated; empty if there is no such flag.
std::string takers_of(const std::string& flag) {
  std::vector<std::string> takers;
  for (const Command* command : commands()) {
    const auto flags = split_words(command->flags);
    if (std::ranges::find(flags, flag) != flags.end()) takers.emplace_back(command->name);
  }
  return join(takers, ", ");
}

std::string nearest_known(const std::string& word) {
  std::vector<std::string> known{"--json"};
  for (const Command* command : commands()) known.emplace_back(command->name);
  for (const Flag& flag : global_flags()) known.emplace_back(split(flag.name, ',').back());
  for (const Flag& flag : command_flags()) known.emplace_back(flag.name);
  const std::string meant = did_you_mean(word, known);
  return meant.empty() ? "" : ": " + meant;
}

std::string not_understood(const std::vector<std::string>& words) {
  const std::string word = words.empty() ? "" : words.front();
  const std::string flag = word.substr(0, word.find('='));
  if (const std::string takers = takers_of(flag); !takers.empty()) {
    return fmt::format("{} does not go with this command; these take it: {}", flag, takers);
  }
  if (is_command(word)) {
    return fmt::format("a command is named already, and there is one at a time: take \"{}\" out",
                       word);
  }
  const std::string nearest = nearest_known(word);
  const bool may_be_profile = nearest.empty() && !word.starts_with('-');
  return fmt::format("\"{}\" is not understood{}", word,
                     may_be_profile ? "; a profile is named by --profile" : nearest);
}

std::string no_command(const std::vector<std::string>& words) {
  const std::string listed =
      "the commands are " + command_names() + ";\n`sysctl-advisor --help` says what each does";
  if (words.empty()) return "say which command; " + listed;
  const std::string& word = words.front();
  const char* what = word.starts_with('-') ? "flag" : "command";
  return fmt::format("there is no {} \"{}\"{}\n{}", what, word, nearest_known(word), listed);
}

/// "a,b" with a blank behind each comma.
std::string spaced(const std::string& choices) {
  return join(split(choices, ','), ", ");
}

}  // namespace

std::vector<std::string> words_as_meant(std::vector<std::string> words) {
  constexpr size_t kFirst = 1;  // behind the name of the program
  if (words.size() > kFirst && words[kFirst] == "version") words[kFirst] = "--version";
  if (words.size() > kFirst && words[kFirst] == "help") {
    words.erase(words.begin() + kFirst);
    // What is no command is said to be none.
    if (words.size() == kFirst || is_command(words[kFirst])) words.emplace_back("--help");
  }
  // It is a flag of the command, wherever it stands.
  if (std::ranges::any_of(words, is_command) && std::erase(words, "--json") > 0) {
    words.emplace_back("--format=json");
  }
  return words;
}

std::string usage_message(const UsageFault& fault) {
  switch (fault.kind) {
    case UsageFault::Kind::kNoCommand:
      return no_command(fault.words);
    case UsageFault::Kind::kNotUnderstood:
      return not_understood(fault.words);
    case UsageFault::Kind::kNoValue: {
      const std::string one_of = fault.choices.empty() ? "" : ", one of " + spaced(fault.choices);
      return fmt::format("{} needs a value{}", fault.flag, one_of);
    }
    case UsageFault::Kind::kNotOneOf:
      return fmt::format("{} is one of {}, not \"{}\"", fault.flag, spaced(fault.choices),
                         join(fault.words, " "));
    case UsageFault::Kind::kTooMany:
      return "more is named than this command takes; its --help says what it does";
  }
  return "";
}

std::string help_as_shown(std::string help, const std::string& arguments) {
  // "Usage: ... [OPTIONS] [arguments(0x)]", and a section that says no more.
  const size_t usage = help.find(" [arguments");
  if (usage != std::string::npos) {
    const size_t end = help.find('\n', usage);
    help.replace(usage, end - usage, arguments.empty() ? "" : " " + arguments);
  }
  const size_t section = help.find("Positionals:\n");
  if (section != std::string::npos) help.erase(section, help.find("\n\n", section) + 2 - section);
  return help;
}

}  // namespace advisor
