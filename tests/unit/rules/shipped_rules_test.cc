#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "plan/planner.h"
#include "rules/audit.h"
#include "support/builders.h"
#include "support/host_statements.h"

namespace advisor::shipped_rules_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using testing::listener_row;
using testing::load_of;
using testing::set;
using testing::socket_row;
using testing::TextProfiles;
using testing::time_wait_row;

Report shipped_audit(const std::vector<std::string>& profiles, const Snapshot& snapshot) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  const EffectiveProfile profile = resolve_profiles(profiles, TextProfiles::shipped(),
                                                    testing::knowledge(catalogue), diagnostics);
  Report report = audit(profile, catalogue, snapshot, {}, diagnostics);
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

struct NothingKnown final : expr::Bindings {
  expr::Value value_of(std::string_view) const override { return expr::Unknown{}; }
};

/// `established` and `waiting` ports out of 100 towards one destination. What waits was closed
/// `age` seconds ago.
SocketLoad ports_taken(int established, int waiting, double age) {
  std::vector<SocketRow> rows{listener_row(22)};
  for (int i = 0; i < established; ++i) {
    rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  }
  for (int i = 0; i < waiting; ++i) {
    rows.push_back(time_wait_row(32768 + established + i, 60 - age));
  }
  return load_of(rows, 100);
}

/// `count` server-side sockets in TIME_WAIT.
SocketLoad came_in_and_went(int count) {
  std::vector<SocketRow> rows{listener_row(80)};
  for (int i = 0; i < count; ++i) {
    rows.push_back(time_wait_row(80, 30, "10.0.0.9", 1024 + i));
  }
  return load_of(rows);
}

}  // namespace

TEST_CASE("shipped profiles: all of them are read without a diagnostic") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const TextProfiles source = TextProfiles::shipped();

  CHECK(source.profile_names().size() >= 3);
  for (const std::string& name : source.profile_names()) {
    CAPTURE(name);
    Diagnostics diagnostics;
    const EffectiveProfile profile =
        resolve_profiles({name}, source, testing::knowledge(catalogue), diagnostics);

    CHECK(lines_of(diagnostics).empty());
    CHECK(profile.names == std::vector<std::string>{name});
  }
}

TEST_CASE("shipped profiles: no two of them contradict each other") {
  const std::vector<std::string> names = TextProfiles::shipped().profile_names();
  for (const std::string& one : names) {
    for (const std::string& other : names) {
      CAPTURE(one);
      CAPTURE(other);
      CHECK(shipped_audit({one, other}, idle_host()).profiles.size() == 2);
    }
  }
}

TEST_CASE("shipped profiles: baseline asks nothing of an idle host") {
  const Report report =
      shipped_audit({"baseline"}, testing::idle_host_in_full(testing::shipped_catalogue()));

  CHECK(report.findings.size() >= 10);
  for (const Finding& finding : report.findings) {
    CAPTURE(finding.rule);
    CHECK((finding.verdict == Verdict::kSatisfied || finding.verdict == Verdict::kNotApplicable));
  }
}

TEST_CASE("shipped profiles: carrying out the advice leaves nothing to advise") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.tcp_timestamps", "0");
  set(snapshot, "net.core.somaxconn", "128");
  set(snapshot, "net.ipv4.tcp_max_tw_buckets", "1000");
  const std::vector<std::string> profiles{"outbound-service", "web-server"};
  const PlanningOutcome plan =
      plan_changes(shipped_audit(profiles, snapshot), testing::shipped_catalogue(), {});
  REQUIRE(plan.changes.size() == 3);

  for (const Change& change : plan.changes) {
    set(snapshot, change.parameter.dotted(), change.after.text());
  }

  for (const Finding& finding : shipped_audit(profiles, snapshot).findings) {
    CAPTURE(finding.rule);
    CHECK_FALSE(finding.asks());
  }
}

TEST_CASE("shipped rules: reuse brings timestamps along, and they come first") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = ports_taken(0, 60, 30);
  set(snapshot, "net.ipv4.tcp_timestamps", "0");

  const PlanningOutcome plan =
      plan_changes(shipped_audit({"baseline"}, snapshot), testing::shipped_catalogue(), {});

  std::vector<std::string> order;
  for (const Change& change : plan.changes) order.emplace_back(change.parameter.dotted());
  const auto place = [&](const char* parameter) {
    return std::find(order.begin(), order.end(), parameter) - order.begin();
  };
  CHECK(plan.refusals.empty());
  CHECK(place("net.ipv4.tcp_timestamps") < place("net.ipv4.tcp_tw_reuse"));
  CHECK(place("net.ipv4.tcp_tw_reuse") < std::ssize(order));
}

TEST_CASE("shipped rules: widening the range first reserves the ports of servers inside it") {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows{listener_row(22), listener_row(20000)};
  for (int i = 0; i < 95; ++i) rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  snapshot.sockets = load_of(rows, 100);

  const Report report = shipped_audit({"baseline"}, snapshot);

  const Finding* finding = find_finding(report, "local-ports-exhausted");
  REQUIRE(finding);
  REQUIRE(finding->recommendations.size() == 2);
  CHECK(finding->recommendations[0].parameter.dotted() == "net.ipv4.ip_local_reserved_ports");
  CHECK(finding->recommendations[0].advised.text() == "20000");
  CHECK(finding->recommendations[0].required);
  CHECK(finding->recommendations[1].advised.text() == "15000 60999");
}

TEST_CASE("shipped rules: where the range is wide already no port is asked to be reserved") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.ip_local_port_range", "15000 60999");
  std::vector<SocketRow> rows{listener_row(22), listener_row(8080)};
  for (int i = 0; i < 95; ++i) rows.push_back(socket_row(TcpState::kEstablished, 32768 + i));
  snapshot.sockets = load_of(rows, 100);

  const Report report = shipped_audit({"baseline"}, snapshot);

  const Finding* finding = find_finding(report, "local-ports-exhausted");
  REQUIRE(finding);
  CHECK(finding->verdict == Verdict::kViolated);
  CHECK(finding->recommendations.empty());
}

TEST_CASE("shipped rules: thousands of server-side TIME_WAIT change no parameter") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = came_in_and_went(20000);

  const PlanningOutcome plan =
      plan_changes(shipped_audit({"baseline"}, snapshot), testing::shipped_catalogue(), {});

  CHECK(plan.changes.empty());
}

TEST_CASE("shipped rules: one sample leaves only the rules that need a rate unknown") {
  Snapshot snapshot = testing::idle_host_in_full(testing::shipped_catalogue());
  snapshot.counters.interval_seconds = 0;

  size_t unknown = 0;
  for (const Finding& finding : shipped_audit({"baseline"}, snapshot).findings) {
    if (finding.verdict != Verdict::kUnknown) continue;
    CAPTURE(finding.rule);
    ++unknown;
    REQUIRE_FALSE(finding.missing.empty());
    CHECK(finding.missing[0].find("need two samples") != std::string::npos);
  }
  CHECK(unknown >= 10);
}

TEST_CASE("shipped rules: no rule decides by a total since boot") {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  const EffectiveProfile profile = resolve_profiles({"baseline"}, TextProfiles::shipped(),
                                                    testing::knowledge(catalogue), diagnostics);

  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      CAPTURE(std::string(rule.id));
      CHECK(rule.when.text().view().find("_since_boot") == std::string_view::npos);
    }
  }
}

TEST_CASE("shipped rules: an error number stands beside the message that people look for") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const TextProfiles shipped = TextProfiles::shipped();
  Diagnostics diagnostics;
  const EffectiveProfile profile = resolve_profiles(shipped.profile_names(), shipped,
                                                    testing::knowledge(catalogue), diagnostics);
  const std::map<std::string, std::string> messages{
      {"EADDRNOTAVAIL", "Cannot assign requested address"},
      {"EADDRINUSE", "ddress already in use"},
      {"EMFILE", "oo many open files"},
      {"ENFILE", "Too many open files in system"},
      {"ENOSPC", "o space left on device"},
      {"ENOMEM", "annot allocate memory"},
      {"ENOBUFS", "eighbour table overflow"},
  };

  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      CAPTURE(std::string(rule.id));
      const std::string because = rule.because.fill(NothingKnown());
      for (const auto& [number, message] : messages) {
        if (because.find(number) == std::string::npos) continue;
        CHECK_MESSAGE(because.find(message, 1) != std::string::npos, because);
      }
    }
  }
}

}  // namespace advisor::shipped_rules_test
