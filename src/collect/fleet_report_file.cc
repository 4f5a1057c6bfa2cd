#include "collect/fleet_report_file.h"

#include <utility>

#include "collect/json_values.h"

namespace advisor {
namespace {

struct EarlierFinding {
  std::string rule;
  EarlierFleet::Finding finding;
};
void json_fields(JsonReader& reader, EarlierFinding& one) {
  reader.leave_others();
  reader("rule", one.rule);
  reader("title", one.finding.title);
  std::string severity;
  reader("severity", severity);
  one.finding.severity = parse_severity(severity).value_or(Severity::kNote);
  std::vector<std::string> ids;
  reader("ids", ids);
  one.finding.ids.insert(ids.begin(), ids.end());
}

struct EarlierReport {
  EarlierFleet fleet;
};
void json_fields(JsonReader& reader, EarlierReport& report) {
  reader.leave_others();
  reader("made", report.fleet.made);
  std::vector<std::string> audited;
  reader("audited", audited);
  report.fleet.audited.insert(audited.begin(), audited.end());
  std::vector<EarlierFinding> findings;
  reader("findings", findings);
  for (EarlierFinding& one : findings) {
    report.fleet.findings.emplace(std::move(one.rule), std::move(one.finding));
  }
}

}  // namespace

Result<EarlierFleet> earlier_fleet_of(const std::string& name, const Json& document) {
  std::string wrong = why_not_schema(document, kFleetReportSchema, "report --format json");
  EarlierReport report;
  if (wrong.empty()) JsonReader(document, wrong).read(report);
  if (!wrong.empty()) return Error{ErrorKind::kCorrupt, name + ": " + wrong, 0};
  return std::move(report.fleet);
}

}  // namespace advisor
