#include "lint/rule_texts.h"

#include <fmt/format.h>

#include <array>

namespace advisor {
namespace {

using enum LintVerdict;
using enum LintSeverity;

struct OwnRule {
  const char* id;
  LintVerdict verdict;
  LintSeverity severity;
  const char* why;
};

constexpr std::array kOwnRules{
    OwnRule{"no-assignment", kSyntax, kError,
            "The line is neither a comment nor `key = value`. systemd-sysctl reports a failure at "
            "boot, and sysctl(8) passes over it."},
    OwnRule{"template", kSyntax, kError,
            "The line holds a tag or a variable of a template, which no loader replaces."},
    OwnRule{"shell-command", kUnknownKey, kError,
            "The line is a command of a shell, such as `sysctl -w key=value`."},
    OwnRule{
        "invisible-character", kUnknownKey, kError,
        "A character that nobody sees, such as U+200B or a no-break space, is part of the key."},
    OwnRule{"path-of-proc", kUnknownKey, kError,
            "A key is relative to /proc/sys, and this one begins with that."},
    OwnRule{"braces", kUnknownKey, kError,
            "Braces stand for themselves unless the key has a *, ? or [ as well."},
    OwnRule{"blank-behind-dash", kSyntax, kWarning,
            "systemd-sysctl passes over a blank behind the dash, sysctl(8) does not."},
    OwnRule{
        "unknown-key", kUnknownKey, kError,
        "No kernel that is known has the parameter: it is misspelt, or stands in another file."},
    OwnRule{"gone", kNoEffect, kWarning, "The kernels asked for no longer have the parameter."},
    OwnRule{"not-yet", kNoEffect, kWarning, "The kernels asked for do not have the parameter yet."},
    OwnRule{"inert", kNoEffect, kNote,
            "The parameter is still there and nothing reads it any more."},
    OwnRule{
        "not-in-container", kNeverTaken, kError,
        "The parameter belongs to the host, or cannot be written in a namespace of a container."},
    OwnRule{"never-taken", kNeverTaken, kError,
            "The kernel refuses the value, by its own range or for the sake of another parameter "
            "that the files leave as it is."},
    OwnRule{"comment-behind-value", kSyntax, kWarning,
            "sysctl.d has no comments behind a value: it becomes part of the value."},
    OwnRule{"extra-words", kHarmful, kWarning,
            "The kernel reads as many numbers as the parameter has, and passes over the rest."},
    OwnRule{"short-vector", kHarmful, kWarning,
            "Numbers that are left out stay as they are, and nothing says so."},
    OwnRule{"value-without-meaning", kHarmful, kWarning,
            "The kernel takes the value, and no document gives it a meaning."},
    OwnRule{"one-way", kOneWay, kNote, "The value cannot be taken back before the next boot."},
    OwnRule{"default", kDefault, kNote, "The kernel sets that by itself; shown with --all alone."},
    OwnRule{"module-is-late", kNotAtBoot, kWarning,
            "The module that brings the parameter is loaded after the files are read, unless "
            "modules-load.d(5) or an initramfs loads it before."},
    OwnRule{"not-in-catalogue", kNotAtBoot, kNote,
            "The parameter belongs to a module of which the catalogue holds little."},
    OwnRule{"interface-is-late", kNotAtBoot, kNote,
            "The interface may be made after the files are read; systemd sets its parameters then, "
            "sysctl(8) does not."},
    OwnRule{"unread-file", kNoEffect, kWarning, "The loader does not read the file."},
    OwnRule{"overridden", kOverridden, kWarning,
            "A line that comes later sets the same variable, under this or another name, or resets "
            "it along with what it sets."},
    OwnRule{"duplicate", kDuplicate, kNote, "An earlier line says the same."}};

std::string kernels_words(const LintRule& rule) {
  const auto release = [](const KernelVersion& version) {
    return fmt::format("{}.{}", version.numbers[0], version.numbers[1]);
  };
  std::string words;
  if (rule.since) words = fmt::format("from {} on", release(*rule.since));
  if (rule.before)
    words += fmt::format("{}before {}", words.empty() ? "" : ", ", release(*rule.before));
  return words;
}

LintRuleText text_of(const LintRule& rule) {
  LintRuleText text{.id = rule.id,
                    .verdict = rule.verdict,
                    .severity = rule.severity,
                    .when = rule.when ? std::string(rule.when->text().view()) : "",
                    .kernels = kernels_words(rule),
                    .why = rule.why_written,
                    .instead = rule.instead,
                    .reference = rule.reference};
  for (const ParameterName& name : rule.parameters) text.parameters.emplace_back(name.dotted());
  return text;
}

}  // namespace

std::vector<LintRuleText> texts_of_rule(const std::string& id, const LintKnowledge& knowledge) {
  std::vector<LintRuleText> texts;
  for (const OwnRule& rule : kOwnRules) {
    if (rule.id == id) {
      texts.push_back(
          {.id = id, .verdict = rule.verdict, .severity = rule.severity, .why = rule.why});
    }
  }
  for (const LintRule& rule : knowledge.rules) {
    if (rule.id == id) texts.push_back(text_of(rule));
  }
  return texts;
}

std::vector<std::string> ids_of_own_rules() {
  std::vector<std::string> ids;
  for (const OwnRule& rule : kOwnRules) ids.emplace_back(rule.id);
  return ids;
}

}  // namespace advisor
