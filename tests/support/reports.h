#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/finding.h"
#include "support/builders.h"

namespace advisor::testing {

/// What a page must not take for markup, whatever its format: each piece would be some.
inline const std::string kHostile =
    "</style></title><script>x</script>\"'><img src=//evil.example/a> `a` *b* "
    "[c](http://evil.example) "
    "|d| \x1b[31m\xff\u202e";

inline Finding finding_of(std::string rule, Verdict verdict, Severity severity = Severity::kNote) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.title = "The title of " + std::string(finding.rule);
  finding.verdict = verdict;
  finding.severity = severity;
  return finding;
}

inline Recommendation recommended(const char* parameter, std::string_view now,
                                  std::string_view advised) {
  Recommendation recommendation;
  recommendation.parameter = name(parameter);
  recommendation.now = value(now);
  recommendation.advised = value(advised);
  return recommendation;
}

/// A host with 100 usable ports: 25 connections and 50 TIME_WAIT towards 10.0.0.5:8080; and a
/// listener whose queue is full, one that is not, and one without a known limit.
inline Snapshot busy_sockets() {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows{listener_row(80, 129), listener_row(81, 32),
                              listener_row(82, 7, std::nullopt)};
  for (int i = 0; i < 25; ++i) rows.push_back(socket_row(TcpState::kEstablished, 40000 + i));
  for (int i = 0; i < 50; ++i) rows.push_back(time_wait_row(40025 + i, 30));
  snapshot.sockets = load_of(rows, PortSet::Range{40000, 40099});
  return snapshot;
}

/// A finding in which every text is `text`.
inline Finding finding_all_of(const std::string& text, Verdict verdict) {
  Finding finding = finding_of(text, verdict);
  finding.title = text;
  finding.evidence = finding.remedy = finding.not_applicable = text;
  finding.because = finding.cost = text;
  finding.details = finding.missing = {text};
  finding.observed = {{text, text}};
  finding.reference = {text, "https://" + text, "RFC " + text, "javascript:" + text};
  finding.controls = {text};
  finding.recommendations = {recommended("net.a", text, text)};
  finding.recommendations[0].effect = finding.recommendations[0].cost = text;
  const PersistentSetting line{.parameter = name("net.a"), .value = text, .where = {text, 1, 0}};
  finding.recommendations[0].at_boot = ValueAtBoot{value(text), line};
  finding.left_out = {{name("net.b"), value(text), value(text), text, text}};
  return finding;
}

/// A report in which every text of the world is `text`, with findings of each kind.
inline Report report_all_of(const std::string& text) {
  Report report{{text}, idle_host(), {}, {text}};
  Snapshot& snapshot = report.snapshot;
  snapshot.taken = snapshot.host.name = snapshot.host.kernel = text;
  std::vector<SocketRow> rows{listener_row(80, 129, 128), listener_row(81, 1, std::nullopt)};
  for (int i = 0; i < 3; ++i) rows.push_back(socket_row(TcpState::kEstablished, 40000 + i));
  snapshot.sockets = load_of(rows);
  snapshot.sockets->read_from = snapshot.sockets->owners_missing = text;
  for (DestinationLoad& to : snapshot.sockets->destinations) to.owners = {{4711, text}};
  for (ListenerLoad& listener : snapshot.sockets->listeners) listener.owners = {{4712, text}};
  snapshot.kernel_log = std::vector<KernelLogHint>{{text, 3, 120}};
  for (const Verdict verdict : {Verdict::kViolated, Verdict::kUnknown, Verdict::kNotApplicable,
                                Verdict::kSatisfied, Verdict::kViolated}) {
    report.findings.push_back(finding_all_of(text, verdict));
  }
  report.findings.back().suppressed =
      std::make_shared<const Suppression>(Suppression{text, "", text, text, {text, 3, 0}});
  report.findings.push_back(finding_all_of(text, Verdict::kViolated));
  report.findings.back().rule = id_of_boot(name("net.c"));
  return report;
}

}  // namespace advisor::testing
