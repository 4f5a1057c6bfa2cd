// Any text as our drop-in, of which some parameters are set anew.

#include <algorithm>
#include <set>

#include "fuzz/fuzzing.h"
#include "sysctld/conf_line.h"
#include "sysctld/drop_in.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

constexpr const char* kNames[] = {"net.ipv4.tcp_sack", "net.ipv4.tcp_rmem", "vm.swappiness",
                                  "net.ipv4.conf.e/100.rp_filter"};
constexpr const char* kValues[] = {"1", "4096 131072 6291456", "a=b", "0"};

/// Some of the names with some of the values.
std::vector<Change> drawn_changes(const std::string& text) {
  Dice dice(text);
  std::vector<Change> changes;
  for (const char* name : kNames) {
    if (dice.below(2) == 0) continue;
    const ParameterValue value(kValues[dice.below(std::size(kValues))]);
    changes.push_back({*ParameterName::parse(name), ParameterValue("2"), value, "the-rule"});
  }
  return changes;
}

/// The report in which the rule stands that asks for the changes.
Report drawn_report() {
  Report report;
  Finding finding;
  finding.rule = "the-rule";
  finding.title = "It is\nso: at last";
  report.findings.push_back(finding);
  return report;
}

bool is_changed(const ConfLine& line, const std::vector<Change>& changes) {
  const auto name = parameter_of(line.key);
  return name && std::any_of(changes.begin(), changes.end(),
                             [&](const Change& change) { return change.parameter == *name; });
}

/// What a text says of other parameters than those, whatever the numbers of its lines. A line that
/// names one of those to one loader only is left out.
std::vector<ConfLine> foreign_lines(const std::string& text, const std::vector<Change>& changes) {
  std::vector<ConfLine> lines = parse_conf_text("a.conf", text).lines;
  std::set<int> of_changed;
  for (const ConfLine& line : lines) {
    if (is_changed(line, changes)) of_changed.insert(line.line);
  }
  std::erase_if(lines, [&](const ConfLine& line) { return of_changed.contains(line.line); });
  for (ConfLine& line : lines) line.line = 0;
  return lines;
}

/// The value that systemd-sysctl is left with.
std::optional<std::string> last_value(const std::string& text, const ParameterName& name) {
  std::optional<std::string> value;
  for (const ConfLine& line : parse_conf_text("a.conf", text).lines) {
    if (line.read_by.systemd && parameter_of(line.key) == name && line.value) value = line.value;
  }
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text = text_of(bytes, size);
  const std::vector<Change> changes = drawn_changes(text);
  const Report report = drawn_report();

  const std::string updated = updated_drop_in(text, changes, report);

  require(updated_drop_in(updated, changes, report) == updated, "done twice is done once");
  for (const Change& change : changes) {
    require(last_value(updated, change.parameter) == change.after.text(),
            "the text sets what was asked for");
  }
  require(foreign_lines(updated, changes) == foreign_lines(text, changes),
          "what it says of others is kept");
  return 0;
}
