#include "sysctld/conf_line.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "base/text.h"

namespace advisor {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// systemd's WHITESPACE, and what isspace(3) takes for procps.
constexpr std::string_view blanks_of(SysctlLoader loader) {
  return loader == SysctlLoader::kSystemd ? " \t\n\r" : " \t\n\r\v\f";
}

std::string_view without_blanks_behind(std::string_view text, std::string_view blanks) {
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view without_blanks(std::string_view text, std::string_view blanks) {
  return without_blanks_behind(text.substr(std::min(text.find_first_not_of(blanks), text.size())),
                               blanks);
}

/// The segments between slashes; empty ones and `.` are left out.
std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments = split(path, '/');
  std::erase_if(segments, [](const std::string& s) { return s.empty() || s == "."; });
  return segments;
}

/// The key as a path: if its first separator is a dot, dots and slashes change places.
std::string as_path(std::string key) {
  const size_t separator = key.find_first_of("./");
  if (separator == std::string::npos || key[separator] == '/') return key;
  for (char& c : key) c = c == '.' ? '/' : c == '/' ? '.' : c;
  return key;
}

/// The path without needless separators, as the loader or the kernel would find its way. `..`
/// stays: where it leads, the tree of parameters alone tells.
std::string simplified(const std::string& path, SysctlLoader loader) {
  const std::vector<std::string> segments = segments_of(path);
  if (loader == SysctlLoader::kSystemd) return join(segments, "/");
  // To procps a separator at the end asks for a directory.
  const std::string end = path.ends_with('/') ? "/" : "";
  return join(segments, "/") + end;
}

struct Malformed {
  std::string message;
};

/// What one line says to one loader: nothing, something, or something it cannot use.
std::variant<std::monostate, ConfLine, Malformed> parse_line(std::string_view written,
                                                             SysctlLoader loader) {
  const std::string_view blanks = blanks_of(loader);
  const std::string_view text = without_blanks(written, blanks);
  if (text.empty() || text[0] == '#' || text[0] == ';') return {};
  const size_t equals = text.find('=');
  ConfLine line;
  line.ignores_errors = text[0] == '-';
  if (equals == std::string_view::npos && !line.ignores_errors) {
    return Malformed{"this line is no `parameter = value` and is skipped"};
  }
  std::string_view key = without_blanks_behind(text.substr(0, equals), blanks);
  if (line.ignores_errors) {
    key.remove_prefix(1);
    if (loader == SysctlLoader::kSystemd) {
      key = without_blanks(key, blanks);
    } else if (key.starts_with('-')) {
      key.remove_prefix(1);
    }
  }
  const std::string path = as_path(std::string(key));
  line.key = simplified(path, loader);
  line.is_plain = path == line.key;
  if (line.key.empty()) return Malformed{"this line names no parameter and is skipped"};
  if (equals != std::string_view::npos) {
    line.value = without_blanks(text.substr(equals + 1), blanks);
  }
  return line;
}

/// What systemd takes for lines within what an editor shows as one.
std::vector<std::string_view> systemd_lines(std::string_view line) {
  std::vector<std::string_view> lines;
  for (;;) {
    const size_t end = line.find_first_of(std::string_view("\r\0", 2));
    lines.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return lines;
    line.remove_prefix(end + 1);
  }
}

/// Takes a text apart line by line, for both loaders.
class ConfParser {
 public:
  explicit ConfParser(const std::string& file) : file_(file) {}

  ConfText parse(std::string_view text) {
    for (const std::string_view line : split_lines(text)) {
      ++number_;
      first_ = parsed_.lines.size();
      for (const std::string_view part : systemd_lines(line)) {
        add(parse_line(part, SysctlLoader::kSystemd), SysctlLoaders{.systemd = true});
      }
      // A C string ends where the NUL is.
      const std::string_view c_string = line.substr(0, line.find('\0'));
      add(parse_line(c_string, SysctlLoader::kProcps), SysctlLoaders{.procps = true});
    }
    return std::move(parsed_);
  }

 private:
  void add(std::variant<std::monostate, ConfLine, Malformed> found, SysctlLoaders reader) {
    if (const auto* malformed = std::get_if<Malformed>(&found)) remark(*malformed);
    auto* line = std::get_if<ConfLine>(&found);
    if (!line) return;
    line->line = number_;
    line->read_by = SysctlLoaders{.systemd = true};
    const auto same =
        std::find(parsed_.lines.begin() + ptrdiff_t(first_), parsed_.lines.end(), *line);
    if (reader.procps && same != parsed_.lines.end()) {
      same->read_by.procps = true;
      return;
    }
    line->read_by = reader;
    parsed_.lines.push_back(std::move(*line));
  }

  void remark(const Malformed& malformed) {
    Diagnostic remark{DiagnosticSeverity::kWarning, {file_, number_, 0}, malformed.message, "", ""};
    if (parsed_.malformed.empty() || parsed_.malformed.back() != remark) {
      parsed_.malformed.push_back(std::move(remark));
    }
  }

  std::string file_;
  ConfText parsed_;
  int number_ = 0;
  size_t first_ = 0;  ///< the first line found within the present one
};

/// The alternatives of the first brace of a pattern; none if it has none that is closed.
std::vector<std::string> first_brace_expanded(const std::string& pattern) {
  const size_t open = pattern.find('{');
  if (open == std::string::npos) return {};
  std::vector<size_t> cuts = {open};
  int depth = 1;
  for (size_t at = open + 1; at < pattern.size() && depth > 0; ++at) {
    if (pattern[at] == '{') ++depth;
    if (pattern[at] == '}') --depth;
    if ((pattern[at] == ',' && depth == 1) || depth == 0) cuts.push_back(at);
  }
  if (depth > 0) return {};  // never closed: a brace like any other character
  std::vector<std::string> expanded;
  for (size_t i = 0; i + 1 < cuts.size(); ++i) {
    expanded.push_back(pattern.substr(0, open) +
                       pattern.substr(cuts[i] + 1, cuts[i + 1] - cuts[i] - 1) +
                       pattern.substr(cuts.back() + 1));
  }
  return expanded;
}

}  // namespace

ConfText parse_conf_text(const std::string& file, std::string_view text) {
  ConfText parsed = ConfParser(file).parse(text);
  if (text.starts_with(kByteOrderMark)) {
    parsed.malformed.insert(parsed.malformed.begin(),
                            {DiagnosticSeverity::kWarning,
                             {file, 1, 0},
                             "a byte order mark stands before the first line, which is lost by it",
                             "save the file as UTF-8 without a byte order mark",
                             ""});
  }
  return parsed;
}

std::optional<ParameterName> parameter_of(std::string_view key) {
  const size_t first = key.find_first_of("./");
  if (first == std::string_view::npos || key[first] == '.') return std::nullopt;
  return ParameterName::parse(key);
}

std::vector<std::string> with_braces_expanded(const std::string& pattern) {
  // Each brace doubles them: a line of a hundred bytes could ask for a million.
  constexpr size_t kMostSteps = 2000;
  std::vector<std::string> expanded;
  std::vector<std::string> waiting = {pattern};
  for (size_t steps = 0; !waiting.empty(); ++steps) {
    if (steps == kMostSteps) return {pattern};
    const std::string next = std::move(waiting.back());
    waiting.pop_back();
    std::vector<std::string> alternatives = first_brace_expanded(next);
    if (alternatives.empty()) expanded.push_back(next);
    std::ranges::move(alternatives.rbegin(), alternatives.rend(), std::back_inserter(waiting));
  }
  return expanded;
}

}  // namespace advisor
