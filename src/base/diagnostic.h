#pragma once

#include <string>
#include <vector>

#include "base/shared_text.h"

namespace advisor {

/// A place in a text the user wrote. Lines count from 1, and so do columns, in
/// characters; 0 means "the whole file".
struct SourceLocation {
  SharedText file;
  int line = 0;
  int column = 0;

  bool operator==(const SourceLocation&) const = default;
};

/// "file:line:column", leaving out what is not known.
std::string to_text(const SourceLocation& where);

enum class DiagnosticSeverity { kWarning, kError };

/// The user wrote something wrong: what, where, and the way out. Collected, then all shown.
struct Diagnostic {
  DiagnosticSeverity severity = DiagnosticSeverity::kError;
  SourceLocation where;
  std::string message;
  std::string hint;              ///< the way out, empty if there is none to offer
  std::string source_line;       ///< the line `where` points at; empty if it cannot be shown
  SourceLocation asked_at = {};  ///< what made us read that file; no line if it was named itself

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// True if one of them is an error.
bool has_errors(const Diagnostics& diagnostics);

/// Whether the next error may still tell which name was probably meant: three of the first fifty
/// do. Finding the nearest name takes a while, and doing so for thousands of errors would take
/// forever.
bool may_guess(const Diagnostics& so_far);

/// As a compiler prints it: "file:line:column: error: message", the line, a caret, and the hint.
std::string to_text(const Diagnostic& diagnostic);
/// "file:line:column: message; hint".
std::string in_one_line(const Diagnostic& diagnostic);

}  // namespace advisor
