#include "rules/host_summary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "load/fingerprint.h"
#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::host_summary_test {
namespace {

using testing::name;

EffectiveProfile resolved(const std::string& profile, const Catalogue& catalogue) {
  Diagnostics diagnostics;
  return resolve_profiles({profile}, testing::TextProfiles::shipped(),
                          testing::knowledge(catalogue), diagnostics);
}

/// A host of which nearly all ports towards one destination wait in TIME_WAIT.
Snapshot exhausted() {
  Snapshot snapshot = testing::idle_host();
  snapshot.host.id = std::string(32, 'a');
  std::vector<SocketRow> rows;
  for (int port = 32768; port < 60900; ++port) rows.push_back(testing::time_wait_row(port, 30));
  for (int port = 1; port < 9; ++port) {
    rows.push_back(testing::socket_row(TcpState::kEstablished, 40000 + port,
                                       "10.0.1." + std::to_string(port)));
    rows.push_back(testing::listener_row(port, uint32_t(port), 128));
  }
  snapshot.sockets = testing::load_of(rows);
  return snapshot;
}

HostSummary summary_of(const Report& report, HostSummary known = {}) {
  const Catalogue catalogue = testing::shipped_catalogue();
  return advisor::summary_of(report, resolved("baseline", catalogue), catalogue, std::move(known));
}

HostSummary summary_of(Snapshot snapshot) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  return summary_of(
      audit(resolved("baseline", catalogue), catalogue, std::move(snapshot), {}, diagnostics));
}

const HostSummary::Figure* figure(const HostSummary& summary, const std::string& expression) {
  for (const HostSummary::Asking& asking : summary.findings) {
    const auto found =
        std::ranges::find(asking.figures, expression, &HostSummary::Figure::expression);
    if (found != asking.figures.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("host summary: it holds what asks, with figures by their types and units") {
  const HostSummary summary = summary_of(exhausted());

  REQUIRE(summary.asks() > 0);
  CHECK(int64_t(summary.findings.size()) == *summary.asks());
  CHECK(summary.worst() == Severity::kCritical);
  CHECK(summary.findings.front().rule == "local-ports-exhausted");
  REQUIRE_FALSE(summary.findings.front().changes.empty());
  CHECK(summary.findings.front().changes.front().parameter == name("net.ipv4.ip_local_port_range"));
  const HostSummary::Figure* share = figure(summary, "ports.busiest.share");
  REQUIRE(share);
  CHECK(std::get<double>(share->value) == doctest::Approx(28132.0 / 28232));
  CHECK(share->unit == "share of 1");
  // Comparisons follow from the values, and are left out.
  for (const HostSummary::Asking& asking : summary.findings) {
    for (const HostSummary::Figure& one : asking.figures) {
      CHECK(one.expression.view().find_first_of("<>=") == std::string_view::npos);
    }
  }
}

TEST_CASE("host summary: of destinations and listeners the worst are listed") {
  const HostSummary summary = summary_of(exhausted());

  REQUIRE(summary.destinations.size() == HostSummary::kListed);
  CHECK(summary.destinations.front().to.address.text() == "10.0.0.5");
  CHECK(summary.destinations.front().ports_in_use == 28132);
  CHECK(summary.destinations.front().usable_ports == 28232);
  REQUIRE(summary.listeners.size() == HostSummary::kListed);
  CHECK(summary.listeners.front().waiting == 8);
  CHECK(summary.listeners.back().waiting == 4);
}

TEST_CASE("host summary: something unknown makes it partial, and says what was missing") {
  Report report{{"baseline"}, testing::idle_host(), {}, {}};
  report.findings.emplace_back().verdict = Verdict::kSatisfied;
  CHECK(summary_of(report).state == AuditState::kOk);

  Finding& unknown = report.findings.emplace_back();
  unknown.rule = "r";
  unknown.verdict = Verdict::kUnknown;
  unknown.missing = {"not for you"};
  Finding& quiet = report.findings.emplace_back(unknown);
  quiet.suppressed = std::make_shared<Suppression>();
  const HostSummary partial = summary_of(report);

  CHECK(partial.state == AuditState::kPartial);
  REQUIRE(partial.unknown.size() == 1);
  CHECK(partial.unknown.front().rule == "r");
  CHECK(partial.unknown.front().missing == std::vector<std::string>{"not for you"});
}

TEST_CASE("host summary: sockets that were not read are no empty lists of the host's load") {
  Snapshot unread = testing::idle_host();
  unread.sockets = Error{ErrorKind::kDenied, "not for you", 0};

  const HostSummary summary = summary_of(std::move(unread));

  CHECK(summary.state == AuditState::kPartial);
  CHECK(std::ranges::any_of(summary.unknown, [](const HostSummary::Unknown& one) {
    return std::ranges::find(one.missing, "not for you") != one.missing.end();
  }));
  CHECK(summary.destinations.empty());
  CHECK_FALSE(summary.ports_exhausted_in_seconds);
}

TEST_CASE("host summary: what else is known stays, and makes it partial if it is unknown") {
  HostSummary known;
  known.host.netns = "blue";
  known.labels = {"site=ams1"};
  known.unknown.push_back({SharedText::lasting(kTransaction), {"not for you"}});

  const HostSummary summary = summary_of(Report{{"baseline"}, testing::idle_host(), {}, {}}, known);

  CHECK(summary.host.netns == "blue");
  CHECK(summary.labels == known.labels);
  CHECK(summary.state == AuditState::kPartial);
  CHECK(summary.counts->unknown == 0);
}

TEST_CASE("host summary: an anonymized host has its hashed id and no name") {
  Snapshot snapshot = exhausted();
  CHECK(summary_of(snapshot).host.name == "host");

  snapshot.host.name = kAnonymizedName;
  const HostSummary summary = summary_of(snapshot);

  CHECK_FALSE(summary.host.name);
  CHECK(summary.host.id == std::string(32, 'a'));
}

TEST_CASE("fingerprint: the same demands have the same, and others another one") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const EffectiveProfile baseline = resolved("baseline", catalogue);
  const std::string print = fingerprint(baseline);
  CHECK(print.size() == 16);
  CHECK(print == fingerprint(resolved("baseline", catalogue)));
  CHECK(print != fingerprint(resolved("web-server", catalogue)));

  EffectiveProfile moved = baseline;
  std::ranges::reverse(moved.groups);
  moved.groups.front().group.rules.front().where.line += 1;
  CHECK(print == fingerprint(moved));

  EffectiveProfile milder = baseline;
  milder.groups.front().group.rules.front().severity = Severity::kInfo;
  CHECK(print != fingerprint(milder));
}

}  // namespace advisor::host_summary_test
