#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "rules/audit.h"
#include "rules/planner.h"
#include "support/builders.h"

namespace advisor {
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
  Report report = audit(profile, catalogue, snapshot, diagnostics);
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

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

/// What makes a host of an idle one.
using Load = std::function<void(Snapshot&)>;

Load taken(int established, int waiting, double age) {
  return [=](Snapshot& s) { s.sockets = ports_taken(established, waiting, age); };
}

/// As `taken`, where ports in TIME_WAIT are taken over.
Load taken_over(int waiting) {
  return [=](Snapshot& s) {
    set(s, "net.ipv4.tcp_tw_reuse", "1");
    s.sockets = ports_taken(0, waiting, 30);
  };
}

Load closed_lately(int count) {
  return [=](Snapshot& s) {
    std::vector<SocketRow> rows;
    for (int i = 0; i < count; ++i) rows.push_back(time_wait_row(32768 + i, 58));
    s.sockets = load_of(rows);
  };
}

Load served(int count) {
  return [=](Snapshot& s) { s.sockets = came_in_and_went(count); };
}

Load queued(uint32_t waiting, uint32_t backlog) {
  return [=](Snapshot& s) { s.sockets = load_of({listener_row(80, waiting, backlog)}); };
}

Load parameter(const char* name, const char* value) {
  return [=](Snapshot& s) { set(s, name, value); };
}

Load overflows(int64_t growth) {
  return [=](Snapshot& s) { testing::count(s, "TcpExt.TCPTimeWaitOverflow", growth); };
}

Load dropped_without_syncookies(int64_t drops, int64_t of_them_overflows) {
  return [=](Snapshot& s) {
    set(s, "net.ipv4.tcp_syncookies", "0");
    testing::count(s, "TcpExt.ListenDrops", drops);
    testing::count(s, "TcpExt.ListenOverflows", of_them_overflows);
  };
}

/// A rule, what makes it fire, and what comes as near as can be without.
struct Case {
  const char* rule;
  Load fires;
  Load just_does_not;
  std::string first_advice;  ///< the parameter recommended first; empty if none is
};

std::vector<Case> cases() {
  const std::string range = "net.ipv4.ip_local_port_range";
  const std::string buckets = "net.ipv4.tcp_max_tw_buckets";
  return {
      {"local-ports-exhausted", taken(95, 0, 0), taken(94, 0, 0), range},
      {"local-ports-pressure", taken(50, 0, 0), taken(49, 0, 0), range},
      // 5 + 8 / 5 s * 60 s = 101 of 100 ports
      {"local-ports-forecast", taken(5, 8, 2), taken(4, 8, 2), range},
      {"local-ports-held", taken_over(95), taken_over(94), range},
      {"time-wait-reuse", taken(0, 50, 30), taken(40, 49, 30), "net.ipv4.tcp_tw_reuse"},
      {"time-wait-buckets-overflow", overflows(1), overflows(0), buckets},
      {"time-wait-buckets-low", parameter("net.ipv4.tcp_max_tw_buckets", "65535"),
       parameter("net.ipv4.tcp_max_tw_buckets", "65536"), buckets},
      {"time-wait-server-side", served(1000), served(999), ""},
      {"time-wait-fin-timeout", parameter("net.ipv4.tcp_fin_timeout", "59"),
       parameter("net.ipv4.tcp_fin_timeout", "60"), ""},
      {"connection-churn", closed_lately(100), closed_lately(99), ""},
      {"accept-queue-capped", queued(4097, 4096), queued(4096, 4096), "net.core.somaxconn"},
      {"accept-queue-application", queued(129, 128), queued(128, 128), ""},
      {"syn-backlog-drops", dropped_without_syncookies(3, 2), dropped_without_syncookies(2, 2),
       "net.ipv4.tcp_syncookies"},
  };
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
  const Report report = shipped_audit({"baseline"}, idle_host());

  CHECK(report.findings.size() >= 10);
  for (const Finding& finding : report.findings) {
    CAPTURE(finding.rule);
    CHECK(finding.verdict == Verdict::kSatisfied);
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
  REQUIRE(plan.changes.size() == 4);

  for (const Change& change : plan.changes) {
    set(snapshot, change.parameter.dotted(), change.after.text());
  }

  for (const Finding& finding : shipped_audit(profiles, snapshot).findings) {
    CAPTURE(finding.rule);
    CHECK_FALSE(finding.asks());
  }
}

TEST_CASE("shipped rules: every rule of every group has a case here") {
  std::set<std::string> covered;
  for (const Case& row : cases()) covered.insert(row.rule);
  std::set<std::string> shipped;
  for (const Finding& finding : shipped_audit({"baseline"}, idle_host()).findings) {
    if (!finding.rule.starts_with("target:")) shipped.insert(finding.rule);
  }

  CHECK(covered == shipped);
}

TEST_CASE("shipped rules: each fires at its limit and not just below") {
  for (const Case& row : cases()) {
    CAPTURE(std::string(row.rule));
    Snapshot fires = idle_host();
    Snapshot quiet = idle_host();
    row.fires(fires);
    row.just_does_not(quiet);

    const Report report = shipped_audit({"baseline"}, fires);
    const Report silent = shipped_audit({"baseline"}, quiet);

    const Finding* finding = find_finding(report, row.rule);
    REQUIRE(finding);
    CHECK(finding->verdict == Verdict::kViolated);
    CHECK(find_finding(silent, row.rule)->verdict == Verdict::kSatisfied);
    CHECK(finding->evidence.find('?') == std::string::npos);
    CHECK(finding->because.find('?') == std::string::npos);
    CHECK(finding->recommendations.empty() == row.first_advice.empty());
    if (!finding->recommendations.empty()) {
      CHECK(finding->recommendations[0].parameter.dotted() == row.first_advice);
    }
  }
}

TEST_CASE("shipped rules: reuse brings timestamps along, and they come first") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = ports_taken(0, 60, 30);
  set(snapshot, "net.ipv4.tcp_timestamps", "0");

  const PlanningOutcome plan =
      plan_changes(shipped_audit({"baseline"}, snapshot), testing::shipped_catalogue(), {});

  std::vector<std::string> order;
  for (const Change& change : plan.changes) order.push_back(change.parameter.dotted());
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
  Snapshot snapshot = idle_host();
  snapshot.counters.interval_seconds = 0;

  std::set<std::string> unknown;
  for (const Finding& finding : shipped_audit({"baseline"}, snapshot).findings) {
    if (finding.verdict == Verdict::kUnknown) unknown.insert(finding.rule);
  }

  // The rule about SYN queues is decided by tcp_syncookies = 1 alone.
  CHECK(unknown == std::set<std::string>{"time-wait-buckets-overflow"});
}

}  // namespace advisor
