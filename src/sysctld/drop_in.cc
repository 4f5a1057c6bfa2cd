#include "sysctld/drop_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "model/coupling.h"
#include "model/persistent.h"
#include "model/write_order.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

constexpr const char* kDropInHead =
    "# Lines of sysctl-advisor; `sysctl-advisor rollback` takes back those that `apply` wrote.\n";

/// With `..` taken for a way back, whatever is there: the line then names a parameter that may be
/// ours, or none.
std::string without_parents(const std::string& path) {
  std::vector<std::string> segments;
  for (std::string& segment : split(path, '/')) {
    if (segment != "..") {
      segments.push_back(std::move(segment));
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  return join(segments, "/");
}

bool is_comment(std::string_view line) {
  line = trim(line);
  return !line.empty() && (line[0] == '#' || line[0] == ';');
}

std::string reason_line(const Change& change, const Report& report) {
  for (const Finding& finding : report.findings) {
    if (finding.rule == change.because) {
      // The reason stays on one line whatever the profile says: a second one would be a setting.
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

/// Drops from `text` the reason that we wrote above the next line ("# <rule>: ...").
void drop_reason(std::string& text, const Report& report) {
  const size_t line = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  const std::string_view last = std::string_view(text).substr(line);
  const size_t colon = last.find(": ");
  const bool ours = last.starts_with("# ") && colon != std::string_view::npos &&
                    last.substr(2, colon - 2).find(' ') == std::string_view::npos &&
                    is_rule_id(last.substr(2, colon - 2), report);
  if (ours) text.resize(line);
}

/// One assignment of a drop-in with the comment above it, and where that stands among the lines.
struct Unit {
  size_t first = 0;
  size_t last = 0;
  Change change;
};

/// The assignments that are held against others, as they stand in the text. One that is repeated
/// counts where it is said last.
std::vector<Unit> coupled_units(const std::vector<std::string_view>& lines,
                                const Catalogue& catalogue, const StandingValues& before) {
  std::vector<Unit> units;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::vector<Assignment> assigned = assignments_of(lines[i]);
    if (assigned.size() != 1) continue;
    const ParameterName& name = assigned[0].parameter;
    if (siblings_of(catalogue, {name}).empty()) continue;
    size_t first = i;
    while (first > 0 && is_comment(lines[first - 1])) --first;
    const ParameterValue after(assigned[0].value);
    const ParameterValue stood = before(name).value_or(after);
    std::erase_if(units, [&](const Unit& unit) { return unit.change.parameter == name; });
    units.push_back({first, i, {name, stood, after, ""}});
  }
  return units;
}

std::vector<Change> changes_of(const std::vector<Unit>& units) {
  std::vector<Change> changes;
  for (const Unit& unit : units) changes.push_back(unit.change);
  return changes;
}

}  // namespace

std::vector<Assignment> assignments_of(std::string_view line) {
  std::vector<Assignment> assigned;
  for (ConfLine& one : parse_conf_text("", line).lines) {
    const auto name = one.value ? parameter_of(without_parents(one.key)) : std::nullopt;
    if (!name) continue;
    Assignment assignment{parameter_named_in_file(*name), *std::move(one.value)};
    if (std::ranges::find(assigned, assignment) == assigned.end()) {
      assigned.push_back(std::move(assignment));
    }
  }
  return assigned;
}

std::set<ParameterName> parameters_in(const std::string& text) {
  std::set<ParameterName> parameters;
  for (const std::string_view line : split_lines(text)) {
    for (const Assignment& one : assignments_of(line)) parameters.insert(one.parameter);
  }
  return parameters;
}

std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report, const std::set<ParameterName>& without) {
  std::map<ParameterName, const Change*> pending;
  for (const Change& change : changes) pending[change.parameter] = &change;
  std::set<ParameterName> written;
  std::string updated;
  for (const std::string_view line : split_lines(text)) {
    const std::vector<Assignment> assigned = assignments_of(line);
    const auto assigns_one_of = [&](const auto& parameters) {
      return std::ranges::find_if(
          assigned, [&](const Assignment& one) { return parameters.contains(one.parameter); });
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
    const auto change = pending.find(wanted->parameter);
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

std::string in_loadable_order(const std::string& text, const Catalogue& catalogue,
                              const StandingValues& before) {
  const std::vector<std::string_view> lines = split_lines(text);
  const std::vector<Unit> units = coupled_units(lines, catalogue, before);
  const std::vector<Change> changes = changes_of(units);
  if (refused_writes(changes, catalogue, before).empty()) return text;
  const std::vector<Change> order = ordered(changes, catalogue);
  std::string moved;
  size_t next = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (next == units.size() || i < units[next].first) {
      moved += fmt::format("{}\n", lines[i]);
      continue;
    }
    const auto unit = std::ranges::find(units, order[next].parameter,
                                        [](const Unit& one) { return one.change.parameter; });
    for (size_t k = unit->first; k <= unit->last; ++k) moved += fmt::format("{}\n", lines[k]);
    i = units[next].last;
    ++next;
  }
  return moved;
}

}  // namespace advisor
