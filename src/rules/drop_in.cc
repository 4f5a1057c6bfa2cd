#include "rules/drop_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "model/persistent.h"

namespace advisor {
namespace {

constexpr const char* kDropInHead =
    "# Written by sysctl-advisor; `sysctl-advisor rollback` takes it back.\n";

/// The parameter that a key names, as the loaders find their way: separators that are not needed
/// are passed over.
std::optional<ParameterName> parameter_of(std::string_view key) {
  const size_t first = key.find_first_of("./");
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view separator = key.substr(first, 1);
  const std::string_view here = separator == "/" ? "." : "/";
  std::vector<std::string> segments = split(key, separator[0]);
  std::erase_if(segments, [&](const std::string& one) { return one.empty() || one == here; });
  // As a name, what stands first would say which separator is meant.
  if (segments.empty() || segments[0].find(here) != std::string::npos) return std::nullopt;
  const auto name = ParameterName::parse(join(segments, separator));
  return name ? std::optional(parameter_named_in_file(*name)) : std::nullopt;
}

std::optional<ParameterName> assigned_parameter(std::string_view line) {
  line = trim(line);
  const size_t equals = line.find('=');
  if (line.empty() || line[0] == '#' || line[0] == ';' || equals == std::string_view::npos) {
    return std::nullopt;
  }
  if (line[0] == '-') return parameter_of(trim(line.substr(1, equals - 1)));
  return parameter_of(trim(line.substr(0, equals)));
}

std::string reason_line(const Change& change, const Report& report) {
  for (const Finding& finding : report.findings) {
    if (finding.rule == change.because) {
      // On one line whatever the profile says: the next one would be a setting of its own.
      return fmt::format("# {}: {}\n", printable(join(split_words(finding.rule), "-")),
                         printable(join(split_words(finding.title), " ")));
    }
  }
  return {};
}

/// Whether a reason of ours may begin with this: a rule or target of the report, or, since it may
/// be one that the profiles no longer have, what looks like one.
bool is_rule_id(std::string_view word, const Report& report) {
  if (is_id_of_target(word) || word.find('-') != std::string_view::npos) return true;
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& finding) { return finding.rule == word; });
}

/// Without the reason that we wrote above the line that comes next ("# <rule>: ...").
void drop_reason(std::string& text, const Report& report) {
  const size_t line = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  const std::string_view last = std::string_view(text).substr(line);
  const size_t colon = last.find(": ");
  const bool ours = last.starts_with("# ") && colon != std::string_view::npos &&
                    last.substr(2, colon - 2).find(' ') == std::string_view::npos &&
                    is_rule_id(last.substr(2, colon - 2), report);
  if (ours) text.resize(line);
}

}  // namespace

std::vector<ParameterName> assigned_parameters(std::string_view line) {
  constexpr std::string_view kAlsoEnds("\0\r", 2);
  std::vector<ParameterName> assigned;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find_first_of(kAlsoEnds, begin), line.size());
    const auto name = assigned_parameter(line.substr(begin, end - begin));
    if (name) assigned.push_back(*name);
    begin = end + 1;
  }
  return assigned;
}

std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report, const std::set<ParameterName>& without) {
  std::map<ParameterName, const Change*> pending;
  for (const Change& change : changes) pending[change.parameter] = &change;
  std::set<ParameterName> written;
  std::string updated;
  for (const std::string_view line : split_lines(text)) {
    const std::vector<ParameterName> assigned = assigned_parameters(line);
    const auto assigns_one_of = [&](const auto& parameters) {
      return std::find_if(assigned.begin(), assigned.end(),
                          [&](const ParameterName& name) { return parameters.contains(name); });
    };
    // The last line wins at boot, so one that comes again must not stay.
    if (assigns_one_of(written) != assigned.end()) continue;
    if (assigns_one_of(without) != assigned.end()) {
      drop_reason(updated, report);
      continue;
    }
    const auto wanted = assigns_one_of(pending);
    if (wanted == assigned.end()) {
      updated += fmt::format("{}\n", line);
      continue;
    }
    const auto change = pending.find(*wanted);
    drop_reason(updated, report);
    updated += fmt::format("{}{} = {}\n", reason_line(*change->second, report),
                           name_in_file(change->first), change->second->after.text());
    written.insert(change->first);
    pending.erase(change);
  }
  if (updated.empty()) updated = kDropInHead;
  for (const Change& change : changes) {
    if (!pending.contains(change.parameter)) continue;
    updated += fmt::format("\n{}{} = {}\n", reason_line(change, report),
                           name_in_file(change.parameter), change.after.text());
  }
  return updated;
}

}  // namespace advisor
