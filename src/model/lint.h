#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace advisor {

/// What is to be said of one line of a sysctl.d file.
enum class LintVerdict {
  kDefault,        ///< the kernel sets that by itself
  kNoEffect,       ///< the parameter is gone, does nothing, or nothing reads it here
  kNeverTaken,     ///< the kernel refuses it
  kHarmful,        ///< it does what nobody should want
  kFolklore,       ///< it does something else than is believed
  kNotAtBoot,      ///< what it is on is not there yet when the line is read
  kOverridden,     ///< a later line undoes it
  kDuplicate,      ///< an earlier line says the same
  kLowersDefault,  ///< less than the kernel or systemd set by themselves
  kOneWay,         ///< cannot be taken back before the next boot
  kSecurity,       ///< opens what should be shut
  kUnknownKey,     ///< no kernel has it
  kSyntax,         ///< no line that a loader understands
};

/// How loud it is.
enum class LintSeverity { kNote, kWarning, kError };

/// "no-effect"; nothing for a word that is none.
const char* name_of(LintVerdict verdict);
std::optional<LintVerdict> parse_lint_verdict(std::string_view text);
/// "note", "warning", "error".
const char* name_of(LintSeverity severity);
std::optional<LintSeverity> parse_lint_severity(std::string_view text);

/// One thing that is to be said of one line.
struct LintRemark {
  SourceLocation where;  ///< the file as it was named, and the line
  std::string key;       ///< the parameter, or what stands in its place
  std::string written;   ///< the line, without the blanks around it
  std::string rule;      ///< what `explain` knows it by
  LintVerdict verdict = LintVerdict::kDefault;
  LintSeverity severity = LintSeverity::kNote;
  std::string message;                         ///< why, a sentence or two
  std::string action;                          ///< what to write instead; empty: nothing
  std::vector<std::string> kernels;            ///< of those asked for, for which it holds
  std::optional<std::string> ignored_because;  ///< the reason that the file gives for leaving it

  bool operator==(const LintRemark&) const = default;
};

/// What a remark of one id says, whatever line it is on.
struct LintRuleText {
  std::string id;
  LintVerdict verdict = LintVerdict::kDefault;
  LintSeverity severity = LintSeverity::kNote;
  std::vector<std::string> parameters = {};  ///< none: of any
  std::string when = {};                     ///< the condition; empty: of any value
  std::string kernels = {};                  ///< "from 4.4 on", "before 4.12"; empty: all
  std::string why = {};
  std::string instead = {};
  std::vector<std::string> reference = {};
};

/// One file that was judged.
struct LintedFile {
  std::string name;              ///< as it was given
  std::vector<int> assignments;  ///< their lines
  std::string text;              ///< the whole file
};

/// What is to be said of files, and for which host that holds.
struct LintReport {
  std::vector<std::string> kernels;
  std::string loader;
  std::vector<std::string> profiles;
  bool container = false;
  std::vector<LintedFile> files;
  std::vector<LintRemark> remarks;
};

}  // namespace advisor
