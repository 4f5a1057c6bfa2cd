#pragma once

#include <string>
#include <vector>

namespace advisor {

/// The words of a command line, up to a "--", as they are meant: `help` and `version` as the flags
/// of that name, `help audit` as `audit --help`, and `--json` as `--format json`.
std::vector<std::string> words_as_meant(std::vector<std::string> words);

/// What is wrong with a command line, as far as no value of it was looked at.
struct UsageFault {
  enum class Kind { kNoCommand, kNotUnderstood, kNoValue, kNotOneOf, kTooMany };
  Kind kind = Kind::kNoCommand;
  std::vector<std::string> words = {};  ///< that were not understood
  std::string flag = {};                ///< which lacks a value, or has a wrong one
  std::string choices = {};             ///< that it has, comma separated
};

/// What to say of it, in one line or two, without the end of the last, and the way out.
std::string usage_message(const UsageFault& fault);

/// Help as the library makes it, without what only the library knows.
std::string help_as_shown(std::string help, const std::string& arguments);

}  // namespace advisor
