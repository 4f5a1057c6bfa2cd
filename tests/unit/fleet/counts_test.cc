#include "fleet/counts.h"

#include <doctest/doctest.h>

#include "support/host_lines.h"

namespace advisor::fleet_counts_test {
namespace {

using testing::asking;
using testing::at_hour;
using testing::failed_line;
using testing::host_line;
using testing::question;
using testing::report_on;
using testing::with;
using testing::with_rule;

using Texts = std::vector<std::string>;

HostLine towards(const std::string& name, const std::string& address, int64_t in_use,
                 int64_t usable = 1000) {
  HostLine line = host_line(name);
  line.destinations = {{*IpAddress::parse(address), 8080, in_use, in_use / 2, usable}};
  return line;
}

}  // namespace

TEST_CASE(
    "fleet counts: a rule has the worst severity of all hosts, and the evidence of one of it") {
  const FleetReport report = report_on(
      {with_rule("a", "many", Severity::kNote), with_rule("b", "many", Severity::kNote),
       with_rule("c", "rare", Severity::kNote),
       with(with_rule("d", "rare", Severity::kCritical), asking("many", Severity::kWarning))});

  REQUIRE(report.findings.size() == 2);
  const FleetReport::Finding &rare = report.findings[0], &many = report.findings[1];
  CHECK(rare.rule == "rare");
  CHECK(rare.severity == Severity::kCritical);
  CHECK(rare.hosts_by_severity == std::array<int64_t, 4>{0, 1, 0, 1});
  CHECK(rare.example.name == "d");
  CHECK(rare.evidence == "what was seen of rare");
  CHECK(many.severity == Severity::kWarning);
  CHECK(many.ids == Texts{"id-of-a", "id-of-b", "id-of-d"});
}

TEST_CASE("fleet counts: a host counts once for a rule, by the worst of its network namespaces") {
  HostLine here = with_rule("a", "rule", Severity::kNote), there = here;
  there.netns = "blue";
  there.findings[0].severity = Severity::kCritical;
  there.findings[0].evidence = "what was seen in blue";

  const FleetReport report = report_on({here, there});

  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].hosts_by_severity == std::array<int64_t, 4>{0, 0, 0, 1});
  CHECK(report.findings[0].evidence == "what was seen in blue");
  CHECK(report.findings[0].ids == Texts{"id-of-a"});
}

TEST_CASE("fleet counts: a value that is to be changed counts once a host") {
  const HostLine::Change low{"net.core.somaxconn", "128", "4096"};
  const HostLine::Change lower{"net.core.somaxconn", "64", "4096"};
  const FleetReport report =
      report_on({with(host_line("a"), asking("x", Severity::kNote, {low, low})),
                 with(host_line("b"), asking("y", Severity::kNote, {low})),
                 with(host_line("c"), asking("x", Severity::kNote, {lower}))});

  REQUIRE(report.parameters.size() == 2);
  CHECK(report.parameters[0].now == "128");
  CHECK(report.parameters[0].hosts == 2);
  CHECK(report.parameters[1].now == "64");
  CHECK(report.parameters[1].hosts == 1);
}

TEST_CASE("fleet counts: the worst hosts are those with the most of the worst, and only so many") {
  FleetQuestion asked = question();
  asked.top = 2;

  const FleetReport report =
      report_on({with(with_rule("notes", "a", Severity::kNote), asking("b", Severity::kNote)),
                 with_rule("warned", "a", Severity::kWarning), host_line("fine"),
                 with_rule("failing", "a", Severity::kCritical)},
                asked);

  REQUIRE(report.worst_hosts.size() == 2);
  CHECK(report.worst_hosts[0].host.name == "failing");
  CHECK(report.worst_hosts[1].host.name == "warned");
}

TEST_CASE("fleet counts: ports towards a destination are summed up, whoever opens them") {
  FleetQuestion asked = question();
  asked.top = 1;

  const FleetReport report =
      report_on({towards("a", "10.0.0.5", 100), towards("b", "10.0.0.5", 90, 100),
                 towards("c", "10.0.0.6", 150)},
                asked);

  CHECK(report.destination_count == 2);
  REQUIRE(report.destinations.size() == 1);
  const FleetReport::Destination& to = report.destinations[0];
  CHECK(to.address.text() == "10.0.0.5");
  CHECK(to.ports_in_use == 190);
  CHECK(to.ports_in_time_wait == 95);
  CHECK(to.hosts == 2);
  CHECK(to.fullest.name == "b");
  CHECK(to.fullest_share == doctest::Approx(0.9));
}

TEST_CASE("fleet counts: what is unknown stands under what was missing, with the rules") {
  HostLine one = host_line("a"), two = host_line("b");
  one.unknown = {{"x", {"no root"}}, {"y", {"no root", "no module"}}};
  two.unknown = {{"x", {"no root"}}, {"z", {}}};

  const FleetReport report = report_on({one, two});

  REQUIRE(report.unknown.size() == 3);
  CHECK(report.unknown[0].missing == "no root");
  CHECK(report.unknown[0].hosts == 2);
  CHECK(report.unknown[0].rules == Texts{"x", "y"});
  CHECK(report.unknown[1].missing == "");
  CHECK(report.unknown[1].rules == Texts{"z"});
  CHECK(report.unknown[2].missing == "no module");
}

TEST_CASE("fleet counts: transactions that wait are named, settled ones only counted") {
  HostLine settled = host_line("a"), waits = host_line("b");
  settled.transaction = {"3", "committed", std::nullopt, {{"vm.swappiness", "10", "60"}}};
  waits.transaction = {
      "4", "provisional", "2026-11-30T12:01:00Z", {{"vm.swappiness", "10", std::nullopt}}};

  const FleetReport report = report_on({settled, waits, host_line("c")});

  REQUIRE(report.transactions.size() == 2);
  CHECK(report.transactions[0].hosts == 1);
  REQUIRE(report.pending.size() == 1);
  CHECK(report.pending[0].host.name == "b");
  CHECK(report.pending[0].deadline == "2026-11-30T12:01:00Z");
  CHECK(report.asks());
  CHECK_FALSE(report_on({settled}).asks());
  REQUIRE(report.drift.size() == 2);
  CHECK(report.drift[0].hosts == 1);
}

TEST_CASE("fleet counts: of a boot that nobody could look at nothing is lost, and it is told") {
  HostLine lost = host_line("a"), unread = host_line("b");
  lost.boot = HostLine::Boot{{"net.core.somaxconn"}, {"/etc/sysctl.d/1.conf:3"}};
  unread.boot.reset();

  const FleetReport report = report_on({lost, unread, failed_line("c", "no")});

  REQUIRE(report.lost_at_boot.size() == 1);
  CHECK(report.lost_at_boot[0].what == "net.core.somaxconn");
  CHECK(report.not_in_effect[0].what == "/etc/sysctl.d/1.conf:3");
  CHECK(report.boot_unread == 1);
}

TEST_CASE("fleet counts: programs and profiles, of which most hosts have the first") {
  HostLine other = host_line("c");
  other.version = "0.2.0";
  other.profile_hash = "fedcba9876543210";

  const FleetReport report = report_on({host_line("a"), host_line("b"), other});

  REQUIRE(report.versions.size() == 2);
  CHECK(report.versions[0].what == "0.1.0");
  CHECK(report.versions[0].hosts == 2);
  REQUIRE(report.profiles.size() == 2);
  CHECK(report.profiles[0].hash == "0123456789abcdef");
  CHECK(report.profiles[0].profiles == Texts{"baseline"});
}

}  // namespace advisor::fleet_counts_test
