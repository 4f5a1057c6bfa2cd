#include "cli/completion.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace advisor::completion_test {
namespace {

std::set<std::string> words_of(const Completion& completion) {
  std::set<std::string> words;
  for (const CompletionWord& one : completion.words) words.insert(one.word);
  return words;
}

using Vocabularies = std::vector<Vocabulary>;

}  // namespace

TEST_CASE(
    "completion: every placeholder of the help leads to words, or is one of which none are known") {
  const std::set<std::string> free{"TIME", "N", "RELEASE", "ID", "WORD", "TEXT"};
  std::set<std::string> placeholders;
  for (const auto flags : {global_flags(), command_flags()}) {
    for (const Flag& flag : flags) {
      const bool has_choices = *flag.choices || std::string_view(flag.name) == "--format";
      if (*flag.value && !has_choices) placeholders.insert(flag.value);
    }
  }
  for (const Command* command : commands()) {
    const std::string row = command->arguments;
    const bool has_alternatives = row.find(" | ") != std::string::npos;
    for (const std::string& part : has_alternatives ? split(row, '|') : std::vector{row}) {
      std::vector<std::string> words = split_words(part);
      if (has_alternatives) words.erase(words.begin());  // which stands for itself
      for (std::string& word : words) {
        std::erase_if(word, [](char c) { return c == '[' || c == ']' || c == '.'; });
        placeholders.insert(word);
      }
    }
  }

  CHECK(placeholders.size() > 10);
  for (const std::string& placeholder : placeholders) {
    CAPTURE(placeholder);
    CHECK(vocabularies_of(placeholder).empty() == free.contains(placeholder));
  }
}

TEST_CASE("completion: what may stand in a place depends on what stands before it") {
  CHECK(words_of(completion_of({"au"})).contains("audit"));
  CHECK(words_of(completion_of({"--root", "audit", "co"})).contains("confirm"));
  CHECK(words_of(completion_of({"help", ""})).contains("audit"));
  CHECK(completion_of({"--root", ""}).vocabularies == Vocabularies{Vocabulary::kDirectories});
  CHECK(completion_of({"audit", "--from", ""}).vocabularies == Vocabularies{Vocabulary::kFiles});
  CHECK(completion_of({"audit", "--from=x"}).vocabularies == Vocabularies{Vocabulary::kFiles});
  CHECK(completion_of({"apply", "--interval", ""}).words.empty());
  CHECK(words_of(completion_of({"status", "--format", ""})) ==
        std::set<std::string>{"text", "json"});
  CHECK(words_of(completion_of({"lint", "--fail-on", ""})).contains("error"));
  CHECK(words_of(completion_of({"audit", "--fail-on", ""})).contains("critical"));
  CHECK(words_of(completion_of({"audit", "--netns", ""})) == std::set<std::string>{"all"});
  CHECK(words_of(completion_of({"apply", "--netns", ""})).empty());
}

TEST_CASE("completion: of several kinds of arguments the first word says which") {
  CHECK(words_of(completion_of({"profiles", ""})) ==
        std::set<std::string>{"list", "show", "check", "import", "recommend"});
  CHECK(completion_of({"profiles", "show", ""}).vocabularies ==
        Vocabularies{Vocabulary::kProfiles});
  CHECK(completion_of({"profiles", "show", "x", ""}).vocabularies.empty());
  CHECK(completion_of({"profiles", "check", "a", "b", ""}).vocabularies ==
        Vocabularies{Vocabulary::kFiles});
  CHECK(completion_of({"lint", "--all", "a", ""}).vocabularies == Vocabularies{Vocabulary::kFiles});
  CHECK(completion_of({"snapshot", "a", ""}).vocabularies.empty());
  CHECK(completion_of({"compare", "a", ""}).vocabularies == Vocabularies{Vocabulary::kFiles});
  CHECK(completion_of({"compare", "a", "b", ""}).vocabularies.empty());
}

TEST_CASE(
    "completion: flags are those of the command, and one that was given is offered if it repeats") {
  const auto offered =
      words_of(completion_of({"apply", "--yes", "--profile", "a", "--set=b=1", "--"}));

  CHECK_FALSE(offered.contains("--yes"));
  CHECK_FALSE(offered.contains("--watch"));
  CHECK_FALSE(offered.contains("--version"));
  for (const char* flag : {"--profile", "--set", "--strict", "--root", "--verbose", "-h"}) {
    CAPTURE(flag);
    CHECK(offered.contains(flag));
  }
  CHECK(words_of(completion_of({"-"})).contains("--version"));
  CHECK(words_of(completion_of({"status", ""})).contains("--format"));
  CHECK(words_of(completion_of({"lint", "--", "-"})).empty());
}

TEST_CASE(
    "completion: the profiles before the word can be read, and the flag in front of it is none of "
    "them") {
  const std::vector<std::string> before{"audit", "--profile", "web-server"};

  CHECK(completion_of({"audit", "--profile", "web-server", "--only", ""}).before == before);
  CHECK(completion_of({"audit", "--profile", "web-server", "--only=x"}).before == before);
  CHECK(completion_of({}).before.empty());
}

TEST_CASE("completion: words of an unfinished line are none of the line that asks") {
  const char* line[] = {"sysctl-advisor", "completion", "words", "--help", "--root", ""};

  const Invocation asked = parse_command_line(6, line);

  REQUIRE(asked.command);
  CHECK(std::string(asked.command->name) == "completion");
  CHECK(asked.request.arguments == std::vector<std::string>{"words", "--help", "--root", ""});
  CHECK(parse_command_line(4, line).command == asked.command);
  CHECK(parse_command_line(2, line).command == nullptr);
}

}  // namespace advisor::completion_test
