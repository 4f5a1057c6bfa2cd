#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {

std::string to_text(const SourceLocation& where) {
  if (where.line == 0) return std::string(where.file);
  if (where.column == 0) return fmt::format("{}:{}", where.file, where.line);
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == DiagnosticSeverity::kError; });
}

bool may_guess(const Diagnostics& so_far) {
  constexpr int kMostGuesses = 3;
  constexpr size_t kMostErrors = 50;
  if (so_far.size() >= kMostErrors) return false;
  return std::count_if(so_far.begin(), so_far.end(), [](const Diagnostic& one) {
           return one.hint.starts_with("did you mean");
         }) < kMostGuesses;
}

std::string to_text(const Diagnostic& diagnostic) {
  const char* label = diagnostic.severity == DiagnosticSeverity::kError ? "error" : "warning";
  const std::string place = to_text(diagnostic.where);
  std::string text =
      fmt::format("{}{}{}: {}\n", place, place.empty() ? "" : ": ", label, diagnostic.message);
  if (!diagnostic.source_line.empty() && diagnostic.where.column > 0) {
    // The caret line repeats the tabs of the source line, so that both are indented alike.
    const std::string_view line = diagnostic.source_line;
    const size_t caret = offset_of_character(line, size_t(diagnostic.where.column - 1));
    std::string indent(count_characters(line.substr(0, caret)), ' ');
    for (size_t tab = line.find('\t'); tab < caret; tab = line.find('\t', tab + 1)) {
      indent[count_characters(line.substr(0, tab))] = '\t';
    }
    text += fmt::format("  {}\n  {}^\n", diagnostic.source_line, indent);
  }
  if (diagnostic.asked_at.line > 0) {
    text += fmt::format("  read because of {}\n", to_text(diagnostic.asked_at));
  }
  if (!diagnostic.hint.empty()) text += fmt::format("  hint: {}\n", diagnostic.hint);
  return text;
}

std::string in_one_line(const Diagnostic& diagnostic) {
  const std::string place = to_text(diagnostic.where);
  return fmt::format("{}{}{}{}{}", place, place.empty() ? "" : ": ", diagnostic.message,
                     diagnostic.hint.empty() ? "" : "; ", diagnostic.hint);
}

}  // namespace advisor
