#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace advisor {

/// `completion words WORD...` is what the scripts of shells ask.
inline constexpr const char* kUnfinishedWords = "words";

/// A word that may stand on a command line, and what it means, in a line.
struct CompletionWord {
  std::string word;
  std::string meaning;
};

/// Words that the rows of flags and commands do not hold.
enum class Vocabulary {
  kFiles,
  kDirectories,
  kProfiles,
  kRules,     ///< of the chosen profiles
  kAllRules,  ///< and what `lint` remarks
  kParameters,
  kAssignments,  ///< parameters, each with "=" behind it
  kNamespaces,
};

/// What the last word of an unfinished command line may become.
struct Completion {
  std::vector<CompletionWord> words;
  std::vector<Vocabulary> vocabularies;  ///< from which it may be as well
  std::vector<std::string> before;       ///< the words that stand without it
};

/// By the rows of flags and commands alone. `words` stand behind the name of the program, the last
/// one as far as it was typed. Of `--flag=VALUE` only VALUE is completed; whether a word fits to
/// what was typed is not asked.
Completion completion_of(const std::vector<std::string>& words);

/// The words behind `completion words`, which mean nothing to this command line itself: so they are
/// asked for before it is parsed. Nothing if it is another one.
std::optional<Invocation> asked_to_complete(int argc, const char* const* argv);

/// The vocabularies of a placeholder of the help, such as "NAME|FILE"; none if it has none.
std::vector<Vocabulary> vocabularies_of(std::string_view placeholder);

}  // namespace advisor
