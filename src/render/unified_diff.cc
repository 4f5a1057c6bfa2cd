#include "render/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace advisor {
namespace {

/// Each with its line end, so that a last line without one differs from the same line with one.
using Lines = std::vector<std::string_view>;

/// One line of the comparison: in both texts, only in the old one, or only in the new one.
struct Edit {
  char sign;  ///< ' ', '-' or '+'
  std::string_view line;
};

Lines lines_with_ends(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// A shortest edit script, by the table of longest common subsequences. Drop-ins have few lines.
std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  std::vector<std::vector<size_t>> common(before.size() + 1, std::vector<size_t>(after.size() + 1));
  for (size_t i = before.size(); i-- > 0;) {
    for (size_t j = after.size(); j-- > 0;) {
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1
                                           : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<Edit> edits;
  size_t i = 0, j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      edits.push_back({' ', before[i]});
      ++i;
      ++j;
    } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
      edits.push_back({'-', before[i++]});
    } else {
      edits.push_back({'+', after[j++]});
    }
  }
  return edits;
}

/// A run of edits that belong together, as positions in the edit script.
struct Hunk {
  size_t first;
  size_t last;  ///< one past the end
};

std::vector<Hunk> hunks_of(const std::vector<Edit>& edits) {
  constexpr size_t kContext = 3;
  std::vector<Hunk> hunks;
  for (size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].sign == ' ') continue;
    const size_t first = i < kContext ? 0 : i - kContext;
    const size_t last = std::min(i + kContext + 1, edits.size());
    if (!hunks.empty() && first <= hunks.back().last) {
      hunks.back().last = last;
    } else {
      hunks.push_back({first, last});
    }
  }
  return hunks;
}

size_t count_without(const std::vector<Edit>& edits, size_t first, size_t last, char sign) {
  size_t count = 0;
  for (size_t i = first; i < last; ++i) count += edits[i].sign != sign ? 1 : 0;
  return count;
}

std::string hunk_text(const std::vector<Edit>& edits, const Hunk& hunk) {
  // A side without lines is numbered 0 (POSIX diff, "unified format").
  const auto range = [&](char other) {
    const size_t lines = count_without(edits, hunk.first, hunk.last, other);
    const size_t start = count_without(edits, 0, hunk.first, other) + (lines > 0 ? 1 : 0);
    return fmt::format("{},{}", start, lines);
  };
  std::string text = fmt::format("@@ -{} +{} @@\n", range('+'), range('-'));
  for (size_t i = hunk.first; i < hunk.last; ++i) {
    text += fmt::format("{}{}", edits[i].sign, edits[i].line);
    if (!edits[i].line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
  }
  return text;
}

std::string file_name(const char* prefix, const std::string& path,
                      const std::optional<std::string>& text) {
  if (!text) return "/dev/null";
  // patch(1) takes a name up to a blank, or up to the tab before a date.
  return prefix + path + (path.find(' ') == std::string::npos ? "" : "\t");
}

}  // namespace

std::string unified_diff(const FileChange& change) {
  if (!change.changes()) return {};
  const std::string before = change.before.value_or("");
  const std::string after = change.after.value_or("");
  const auto edits = edits_between(lines_with_ends(before), lines_with_ends(after));
  std::string text = fmt::format("--- {}\n+++ {}\n", file_name("a", change.path, change.before),
                                 file_name("b", change.path, change.after));
  for (const Hunk& hunk : hunks_of(edits)) text += hunk_text(edits, hunk);
  return text;
}

std::string painted_diff(const std::string& diff, const TextStyle& style) {
  const auto colour_of = [](std::string_view line) {
    if (line.starts_with("--- ") || line.starts_with("+++ ")) return "1";
    if (line.starts_with("@@")) return "36";
    return line.starts_with('-') ? "31" : line.starts_with('+') ? "32" : "";
  };
  std::string text;
  for (const std::string_view line : split_lines(diff)) {
    const char* colour = colour_of(line);
    text += (*colour ? painted(line, colour, style) : std::string(line)) + "\n";
  }
  return text;
}

}  // namespace advisor
