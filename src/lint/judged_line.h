#pragma once

#include <map>
#include <optional>
#include <string>

#include "boot/boot_run.h"
#include "lint/lint.h"
#include "sysctld/conf_line.h"

namespace advisor {

/// An assignment with all that it is judged by.
struct JudgedLine {
  const LintGround& ground;
  const PersistentSettings& settings;               ///< what all files that are loaded together say
  const BootRun& boot;                              ///< what a boot makes of them
  const std::map<std::string, std::string>& shown;  ///< by path: the name that a file was given by
  SourceLocation where;
  const ConfLine& line;
  ParameterName parameter;    ///< with `*` where the key is a pattern
  const ParameterInfo* info;  ///< null: the catalogue does not know it
  /// What the kernel makes of the value as the line finds it.
  WriteOutcome outcome = {};

  std::string value() const { return line.value.value_or(""); }
  /// What stands once the line was carried out, or what it asks for, where the kernel does not take
  /// it.
  ParameterValue made() const {
    const bool taken = outcome.result == WriteResult::kTaken && outcome.value;
    return taken ? *outcome.value : ParameterValue(value());
  }
};

}  // namespace advisor
