#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/utc.h"
#include "fleet/fleet.h"
#include "model/fleet_report.h"
#include "model/host_line.h"

namespace advisor::testing {

inline constexpr const char* kNow = "2026-11-30T12:00:00Z";

/// An hour ago.
inline int64_t at_hour(int64_t hour) {
  return *parse_utc("2026-11-30T00:00:00Z") + hour * 3600;
}

/// A line of a host of which nothing is asked, taken at 11:00. Its machine-id follows from its
/// name.
inline HostLine host_line(const std::string& name, int64_t taken = at_hour(11)) {
  HostLine line;
  line.version = "0.1.0";
  line.id = "id-of-" + name;
  line.name = name;
  line.kernel = "6.1.0";
  line.taken = taken;
  line.profiles = {"baseline"};
  line.profile_hash = "0123456789abcdef";
  line.boot.emplace();
  return line;
}

inline HostLine failed_line(const std::string& name, const std::string& error,
                            int64_t taken = at_hour(11)) {
  HostLine line = host_line(name, taken);
  line.state = AuditState::kFailed;
  line.error = error;
  line.boot.reset();
  return line;
}

/// As whoever collects lines writes it of a host that could not be reached.
inline HostLine unreachable_line(const std::string& name, const std::string& error,
                                 int64_t taken = at_hour(11)) {
  HostLine line = failed_line("", error, taken);
  line.id = "";
  line.inventory_name = name;
  return line;
}

inline HostLine::Asking asking(const std::string& rule, Severity severity,
                               std::vector<HostLine::Change> changes = {}) {
  return {rule, severity, "The title of " + rule, "what was seen of " + rule, std::move(changes)};
}

/// The same line with a finding more.
inline HostLine with(HostLine line, HostLine::Asking finding) {
  line.findings.push_back(std::move(finding));
  return line;
}

inline HostLine with_rule(const std::string& name, const std::string& rule,
                          Severity severity = Severity::kWarning) {
  return with(host_line(name), asking(rule, severity));
}

inline FleetQuestion question() {
  FleetQuestion question;
  question.now = kNow;
  question.stale_seconds = 24 * 3600;
  question.top = 10;
  return question;
}

inline FleetReport report_on(std::vector<HostLine> lines, const FleetQuestion& asked = question()) {
  Fleet fleet;
  for (HostLine& line : lines) fleet.add(std::move(line));
  return fleet.report(asked);
}

/// A report in which every text of the world is `text`, with something in each list.
inline FleetReport fleet_all_of(const std::string& text) {
  HostLine line = host_line(text);
  line.version = line.kernel = line.profile_hash = text;
  line.profiles = line.labels = {text};
  line.findings = {{text, Severity::kCritical, text, text, {{text, text, text}}}};
  line.unknown = {{text, {text}}};
  line.state = AuditState::kPartial;
  line.destinations = {{*IpAddress::parse("10.0.0.5"), 8080, 3, 1, 100}};
  line.transaction = HostLine::Applied{text, text, text, {{text, text, text}}};
  line.boot = HostLine::Boot{{text}, {text}};
  HostLine clone = line;
  clone.name = "clone of " + text;
  clone.taken = at_hour(-48);
  HostLine ahead = host_line("ahead", at_hour(20));
  FleetQuestion asked = question();
  asked.split = FleetSplit::kLabel;
  asked.inventory = std::vector<std::string>{text + "!"};
  asked.earlier.emplace();
  asked.earlier->made = text;
  asked.earlier->audited = {line.id + "/" + text};
  return report_on({line, clone, ahead, unreachable_line("unreachable", text)}, asked);
}

}  // namespace advisor::testing
