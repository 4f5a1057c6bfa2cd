#include "lint/text_faults.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "model/parameter.h"

namespace advisor {
namespace {

constexpr std::string_view kProc = "/proc/sys/";

/// What looks like a blank, or like nothing, and is part of the word.
constexpr std::array<std::string_view, 5> kInvisible{"\u200b", "\u00a0", "\ufeff", "\u200e",
                                                     "\u2060"};

std::optional<std::string_view> invisible_in(std::string_view text) {
  for (const std::string_view character : kInvisible) {
    if (text.find(character) != std::string_view::npos) return character;
  }
  return std::nullopt;
}

bool is_known(std::string_view word, const Catalogue& catalogue) {
  const auto name = ParameterName::parse(word);
  return name && catalogue.find(*name);
}

LintFault syntax(std::string rule, std::string message, std::string action) {
  return {std::move(rule), LintVerdict::kSyntax, LintSeverity::kError, std::move(message),
          std::move(action)};
}

LintFault not_a_key(std::string rule, std::string message, std::string action) {
  return {std::move(rule), LintVerdict::kUnknownKey, LintSeverity::kError, std::move(message),
          std::move(action)};
}

/// `echo 10 > /proc/sys/vm/swappiness` as a line; empty if it is none.
std::string as_written_to_proc(std::string_view line) {
  const size_t to = line.find(kProc);
  const std::vector<std::string> words = split_words(line.substr(0, line.find('>')));
  if (to == std::string_view::npos || words.size() != 2 || words[0] != "echo") return {};
  const auto name = ParameterName::parse(trim(line.substr(to + kProc.size())));
  return name ? fmt::format("{} = {}", name->dotted(), words[1]) : "";
}

bool begins_as_shell(std::string_view line) {
  for (const std::string_view word : {"sysctl ", "sudo ", "echo ", "cat ", "tee ", "export "}) {
    if (line.starts_with(word)) return true;
  }
  return false;
}

/// The assignment within `sudo sysctl -w vm.swappiness=10`; empty if there is none.
std::string assignment_in(std::string_view line) {
  for (const std::string& word : split_words(line)) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word[0] == '-') continue;
    return fmt::format("{} = {}", word.substr(0, equals), word.substr(equals + 1));
  }
  return {};
}

}  // namespace

LintFault fault_of_no_assignment(std::string_view line, const Catalogue& catalogue) {
  if (line.starts_with("{%") || line.starts_with("{{") || line.starts_with("<%")) {
    return syntax("template", "A tag of a template is no comment: the line sets nothing.",
                  "lint the file as it is rendered");
  }
  if (line.starts_with('[') && line.ends_with(']')) {
    return syntax("no-assignment", "Files of sysctl.d have no sections: the line sets nothing.",
                  "delete the line");
  }
  if (line == "EOF" || line == "EOL" || line == "END" ||
      line.find("<<") != std::string_view::npos) {
    return syntax("no-assignment", "The line is left of a here-document of a shell.",
                  "delete the line");
  }
  if (begins_as_shell(line)) {
    std::string meant = as_written_to_proc(line);
    return syntax("shell-command", "The line is a command of a shell, and sets nothing here.",
                  meant.empty() ? "delete the line" : meant);
  }
  const size_t end = line.find_first_of(": \t");
  const std::string_view first = line.substr(0, end);
  if (end != std::string_view::npos && is_known(first, catalogue)) {
    const std::string_view value = trim(line.substr(end + 1));
    return syntax("no-assignment", "There is no = in it, so the line sets nothing.",
                  fmt::format("{} = {}", first, value));
  }
  return syntax(
      "no-assignment",
      "The line is neither a comment nor `key = value`: systemd-sysctl reports a failure, "
      "and sysctl passes over it.",
      "make it a comment, or delete it");
}

std::optional<LintFault> fault_of_key_text(std::string_view line, std::string_view key) {
  if (invisible_in(line.substr(0, line.find('=')))) {
    return not_a_key("invisible-character",
                     "A character that nobody sees is part of the key, so no parameter is meant.",
                     "type the key anew");
  }
  if (begins_as_shell(line)) {
    return not_a_key("shell-command",
                     "The line is a command of a shell: the key would begin with it.",
                     assignment_in(line));
  }
  if (line.starts_with(kProc) || key.starts_with("proc/sys/")) {
    const size_t at = line.find(kProc);
    const std::string_view rest =
        at == std::string_view::npos ? "" : line.substr(at + kProc.size());
    return not_a_key("path-of-proc", "A key is relative to /proc/sys, and this one begins with it.",
                     std::string(rest));
  }
  if (key.find("{{") != std::string_view::npos || key.find("${") != std::string_view::npos) {
    return syntax("template", "Nothing replaces a variable here: no parameter has such a name.",
                  "lint the file as it is rendered");
  }
  if (line.starts_with("- ") || line.starts_with("-\t")) {
    return LintFault{"blank-behind-dash", LintVerdict::kSyntax, LintSeverity::kWarning,
                     "systemd-sysctl passes over the blank behind the dash, and sysctl looks for a "
                     "parameter whose name begins with it.",
                     "-" + std::string(trim(line.substr(1)))};
  }
  if (key.find('{') != std::string_view::npos && key.find('*') == std::string_view::npos) {
    return not_a_key("braces", "Braces stand for themselves here: no interface has such a name.",
                     "a line for each");
  }
  return std::nullopt;
}

std::optional<LintFault> fault_of_value_text(std::string_view value) {
  const bool variable = value.find("{{") != std::string_view::npos ||
                        value.find("${") != std::string_view::npos || value.starts_with('$');
  if (!variable) return std::nullopt;
  return LintFault{"template", LintVerdict::kNeverTaken, LintSeverity::kError,
                   "Nothing replaces a variable here: the kernel would be given the text itself.",
                   "lint the file as it is rendered"};
}

}  // namespace advisor
