#include "render/text_lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace advisor {
namespace {

const char* color_of(LintSeverity severity) {
  switch (severity) {
    case LintSeverity::kError:
      return "31";
    case LintSeverity::kWarning:
      return "33";
    case LintSeverity::kNote:
      break;
  }
  return "36";
}

/// "(Linux 5.14 only)" where it does not hold for all kernels asked for.
std::string kernels_words(const LintRemark& remark, const LintReport& report) {
  if (remark.kernels.size() == report.kernels.size()) return {};
  return fmt::format("(Linux {}) ", join(remark.kernels, ", "));
}

std::string sentence(const LintRemark& remark) {
  if (remark.action.empty()) return remark.message;
  return fmt::format("{} Instead: {}", remark.message, remark.action);
}

std::string remark_text(const LintRemark& remark, const LintReport& report,
                        const TextStyle& style) {
  const std::string indent(30, ' ');
  if (remark.ignored_because) {
    return fmt::format("      ignored  {:<15}", remark.rule) +
           wrapped(*remark.ignored_because, style.width, indent).substr(indent.size());
  }
  const std::string head =
      fmt::format("      {:<8} {:<15}", name_of(remark.severity), name_of(remark.verdict));
  const std::string body = wrapped(
      fmt::format("{}{} [{}]", kernels_words(remark, report), sentence(remark), remark.rule),
      style.width, indent);
  return painted(head, color_of(remark.severity), style) + body.substr(indent.size());
}

std::string file_text(const LintedFile& file, const LintReport& report, const TextStyle& style) {
  std::string text;
  int line = -1;
  for (const LintRemark& remark : report.remarks) {
    if (remark.where.file.view() != file.name) continue;
    if (remark.where.line != line) {
      line = remark.where.line;
      text += line > 0 ? fmt::format("{:>4}  {}\n", line, printable(remark.written)) : "";
    }
    text += remark_text(remark, report, style);
  }
  if (text.empty()) return {};
  return painted(printable(file.name), "1", style) + "\n" + text + "\n";
}

/// "2 errors, 1 warning, 4 notes".
std::string counts_text(const LintReport& report) {
  std::vector<std::string> parts;
  for (const LintSeverity severity :
       {LintSeverity::kError, LintSeverity::kWarning, LintSeverity::kNote}) {
    const auto count = std::ranges::count_if(report.remarks, [&](const LintRemark& remark) {
      return remark.severity == severity && !remark.ignored_because;
    });
    if (count > 0) parts.push_back(counted(count, name_of(severity)));
  }
  return join(parts, ", ");
}

/// What the loudest remarks on the lines of a file come to.
enum class Kind { kFine, kNoted, kDead, kBad };

Kind kind_of(const LintRemark& remark) {
  if (remark.ignored_because) return Kind::kFine;
  switch (remark.verdict) {
    case LintVerdict::kNoEffect:
    case LintVerdict::kUnknownKey:
    case LintVerdict::kSyntax:
    case LintVerdict::kNeverTaken:
    case LintVerdict::kOverridden:
    case LintVerdict::kDuplicate:
      return Kind::kDead;
    default:
      return remark.severity == LintSeverity::kNote ? Kind::kNoted : Kind::kBad;
  }
}

/// The lines of one file as good, dead and bad: what there is to see on one screen.
std::string overview(const LintedFile& file, const LintReport& report, const TextStyle& style) {
  std::map<int, Kind> lines;
  for (const int line : file.assignments) lines[line] = Kind::kFine;
  for (const LintRemark& remark : report.remarks) {
    if (remark.where.file.view() != file.name || remark.where.line == 0) continue;
    Kind& kind = lines[remark.where.line];
    kind = std::max(kind, kind_of(remark));
  }
  std::map<Kind, std::vector<std::string>> numbers;
  for (const auto& [line, kind] : lines) numbers[kind].push_back(std::to_string(line));
  return labelled("Good", join(numbers[Kind::kFine], " "), style) +
         labelled("So so", join(numbers[Kind::kNoted], " "), style) +
         labelled("Dead", join(numbers[Kind::kDead], " "), style) +
         labelled("Bad", join(numbers[Kind::kBad], " "), style);
}

std::string summary_text(const LintReport& report) {
  std::set<std::pair<std::string_view, int>> remarked;
  for (const LintRemark& remark : report.remarks) {
    if (!remark.ignored_because) remarked.emplace(remark.where.file.view(), remark.where.line);
  }
  size_t lines = 0;
  size_t fine = 0;
  for (const LintedFile& file : report.files) {
    lines += file.assignments.size();
    fine += size_t(std::ranges::count_if(file.assignments, [&](int line) {
      return !remarked.contains({std::string_view(file.name), line});
    }));
  }
  const std::string counts = counts_text(report);
  return fmt::format("{} in {}: {}{} fine\n", counted(int64_t(lines), "line"),
                     counted(int64_t(report.files.size()), "file"),
                     counts.empty() ? "" : counts + ", ", fine);
}

std::string host_text(const LintReport& report) {
  return fmt::format(
      "For Linux {} under {}, {}{}\n\n", join(report.kernels, " and "), report.loader,
      report.profiles.empty() ? "no profile given"
                              : fmt::format("profile {}", join(report.profiles, " + ")),
      report.container ? ", inside of a container" : "");
}

/// As the properties and messages of workflow commands are written.
std::string escaped(std::string_view text, bool property) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string text_lint(const LintReport& report, const TextStyle& style) {
  if (report.files.empty()) return {};
  std::string text = host_text(report);
  for (const LintedFile& file : report.files) text += file_text(file, report, style);
  if (report.files.size() == 1) text += overview(report.files.front(), report, style) + "\n";
  return text + summary_text(report);
}

std::string gcc_lint(const LintReport& report) {
  std::string text;
  for (const LintRemark& remark : report.remarks) {
    if (remark.ignored_because) continue;
    text += fmt::format("{}:{}:1: {}: {} [{}]\n", printable(remark.where.file),
                        std::max(1, remark.where.line), name_of(remark.severity),
                        printable(kernels_words(remark, report) + sentence(remark)), remark.rule);
  }
  return text;
}

std::string github_lint(const LintReport& report) {
  std::string text;
  for (const LintRemark& remark : report.remarks) {
    if (remark.ignored_because) continue;
    const char* command =
        remark.severity == LintSeverity::kNote ? "notice" : name_of(remark.severity);
    text += fmt::format("::{} file={},line={},title={}::{}\n", command,
                        escaped(remark.where.file, true), std::max(1, remark.where.line),
                        escaped(remark.rule, true),
                        escaped(kernels_words(remark, report) + sentence(remark), false));
  }
  return printable_lines(text);
}

}  // namespace advisor
