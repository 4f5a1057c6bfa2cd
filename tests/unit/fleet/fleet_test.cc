#include "fleet/fleet.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/host_lines.h"

namespace advisor::fleet_test {
namespace {

using testing::asking;
using testing::at_hour;
using testing::failed_line;
using testing::host_line;
using testing::question;
using testing::report_on;
using testing::unreachable_line;
using testing::with;
using testing::with_rule;

std::vector<std::string> names_of(const std::vector<FleetHost>& hosts) {
  std::vector<std::string> names;
  for (const FleetHost& host : hosts) names.push_back(host.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("fleet: each host is ok, partial or failed, and has one worst severity") {
  HostLine partial = with_rule("b", "rule", Severity::kNote);
  partial.state = AuditState::kPartial;

  const FleetReport report = report_on(
      {host_line("a"), partial, failed_line("c", "no"),
       with(with_rule("d", "rule", Severity::kCritical), asking("other", Severity::kNote))});

  const FleetReport::Counts& counts = report.counts;
  CHECK(counts.hosts == 4);
  CHECK(counts.ok == 2);
  CHECK(counts.partial == 1);
  CHECK(counts.failed == 1);
  CHECK(counts.worst == std::array<int64_t, 4>{0, 1, 0, 1});
  CHECK(counts.nothing == 1);
  CHECK(report.audited == Names{"id-of-a", "id-of-b", "id-of-d"});
}

TEST_CASE("fleet: of several lines of a host the newest counts, in whichever order they come") {
  const HostLine old = with_rule("a", "old");
  HostLine now = with_rule("a", "now");
  now.taken = at_hour(12);

  for (const auto& lines : {std::vector{old, now}, std::vector{now, old}}) {
    const FleetReport report = report_on(lines);

    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "now");
    CHECK(report.counts.hosts == 1);
    CHECK(report.hosts_repeated == 1);
    CHECK(report.lines_repeated == 1);
    CHECK(report.newest == "2026-11-30T12:00:00Z");
  }
}

TEST_CASE("fleet: of two lines of one second that counts which says more, whichever comes first") {
  const HostLine asks = with_rule("a", "rule"), fine = host_line("a"),
                 failed = failed_line("a", "no");

  for (const auto& lines : {std::vector{asks, fine, failed}, std::vector{failed, fine, asks}}) {
    const FleetReport report = report_on(lines);

    CHECK(report.counts.failed == 0);
    CHECK(report.findings.size() == 1);
  }
}

TEST_CASE("fleet: a report does not depend on the order of the lines") {
  std::vector<HostLine> lines;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "host-" + std::to_string(i % 15);
    HostLine line = with_rule(name, "rule-" + std::to_string(i % 4), Severity(i % 4));
    line.taken = at_hour(i % 11);
    line.destinations = {{*IpAddress::parse("10.0.0.5"), uint16_t(i % 3), i, 0, 100}};
    lines.push_back(line);
  }
  const FleetReport forward = report_on(lines);
  std::ranges::reverse(lines);

  const FleetReport backward = report_on(lines);

  REQUIRE(forward.findings.size() == backward.findings.size());
  for (size_t i = 0; i < forward.findings.size(); ++i) {
    CHECK(forward.findings[i].rule == backward.findings[i].rule);
    CHECK(forward.findings[i].ids == backward.findings[i].ids);
    CHECK(forward.findings[i].example == backward.findings[i].example);
  }
  REQUIRE(forward.worst_hosts.size() == 10);
  for (size_t i = 0; i < forward.worst_hosts.size(); ++i) {
    CHECK(forward.worst_hosts[i].host == backward.worst_hosts[i].host);
  }
}

TEST_CASE(
    "fleet: a host that could not be reached is the one of its name, and what it told is old") {
  HostLine told = with_rule("web-1.example.org", "rule");
  told.inventory_name = "web-1";
  told.taken = at_hour(10);

  const FleetReport report =
      report_on({unreachable_line("web-1", "no route to web-1"), told, host_line("web-10")});

  CHECK(report.counts.hosts == 2);
  CHECK(report.counts.failed == 1);
  CHECK(report.findings.empty());
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].hosts == std::vector<FleetHost>{{"id-of-web-1.example.org", "web-1"}});
  CHECK(report.hosts_without_id == 0);
}

TEST_CASE("fleet: hosts that failed for the same reason are one group, whatever their names") {
  const auto refused = [](const std::string& name) {
    return unreachable_line(name, "connect to " + name + " port 22: refused by " + name + "-fw");
  };

  const FleetReport report = report_on({refused("a"), refused("b"), failed_line("c", "other")});

  REQUIRE(report.failures.size() == 3);
  CHECK(report.failures[0].error == "connect to HOST port 22: refused by a-fw");

  const FleetReport same = report_on({unreachable_line("a", "connect to a port 22"),
                                      unreachable_line("b", "connect to b port 22")});

  REQUIRE(same.failures.size() == 1);
  CHECK(names_of(same.failures[0].hosts) == Names{"a", "b"});
}

TEST_CASE("fleet: hosts with a cloned machine-id are told, and each counts") {
  HostLine one = with_rule("one", "rule"), two = with_rule("two", "rule"),
           three = host_line("three");
  two.id = one.id;

  const FleetReport report = report_on({one, two, three});

  CHECK(report.counts.hosts == 3);
  REQUIRE(report.shared_ids.size() == 1);
  CHECK(report.shared_ids[0].names == Names{"one", "two"});
  CHECK(report.findings[0].ids == Names{"id-of-one/one", "id-of-one/two"});
}

TEST_CASE("fleet: a host keeps its id if only the collector's name for it, or none, is told") {
  HostLine anonymous = host_line("a"), collected = host_line("a");
  anonymous.name = "";
  collected.inventory_name = "inventory-a";

  const FleetReport report = report_on({host_line("a"), collected, anonymous});

  CHECK(report.counts.hosts == 1);
  CHECK(report.shared_ids.empty());
  CHECK(report.lines_repeated == 2);
}

TEST_CASE("fleet: lines that tell neither an id nor a name are a host each") {
  HostLine nobody = host_line("");
  nobody.id = "";

  const FleetReport report = report_on({nobody, nobody});

  CHECK(report.counts.hosts == 2);
  CHECK(report.hosts_without_id == 2);
}

TEST_CASE("fleet: what is old is stale, and what is of a time to come is told") {
  const int64_t now = at_hour(12);
  const FleetReport report =
      report_on({host_line("fresh", now - 24 * 3600), host_line("stale", now - 24 * 3600 - 1),
                 host_line("ahead", now + 301), host_line("nearly", now + 300)});

  CHECK(report.counts.stale == 1);
  REQUIRE(report.stale.size() == 1);
  CHECK(report.stale[0].host.name == "stale");
  CHECK(report.stale[0].taken == "2026-11-29T11:59:59Z");
  REQUIRE(report.from_future.size() == 1);
  CHECK(report.from_future[0].host.name == "ahead");
}

TEST_CASE("fleet: hosts are held against the inventory by the name that it gives them") {
  HostLine collected = host_line("a.example.org");
  collected.inventory_name = "a";
  FleetQuestion asked = question();
  asked.inventory = Names{"a", "b", "gone"};

  const FleetReport report = report_on({collected, host_line("b"), host_line("c")}, asked);

  REQUIRE(report.inventory);
  CHECK(report.inventory->names == 3);
  CHECK(report.inventory->missing == Names{"gone"});
  CHECK(report.inventory->unknown == 1);
  CHECK(report.asks());
}

TEST_CASE("fleet: network namespaces are of their host, which counts once") {
  HostLine own = with_rule("a", "rule"), blue = own, failed = failed_line("a", "no such namespace");
  blue.netns = "blue";
  failed.netns = "red";

  const FleetReport report = report_on({own, blue, failed});

  CHECK(report.counts.hosts == 1);
  CHECK(report.counts.partial == 1);
  CHECK(report.namespaces == 3);
  CHECK(report.lines_repeated == 0);
  CHECK(report.findings[0].ids.size() == 1);
  CHECK(report.worst_hosts[0].findings[size_t(Severity::kWarning)] == 2);
  CHECK(report.failures.size() == 1);
}

TEST_CASE("fleet: nothing asked, and nobody silent, asks for nothing") {
  CHECK_FALSE(report_on({host_line("a")}).asks());
  CHECK(report_on({with_rule("a", "rule", Severity::kNote)}).asks());
  CHECK(report_on({failed_line("a", "no")}).asks());
  CHECK(report_on({host_line("a", at_hour(-48))}).asks());
}

TEST_CASE("fleet: counts are split by kernel, by profiles together, and by each label") {
  HostLine one = with_rule("one", "rule"), two = host_line("two"), none = host_line("three");
  one.labels = {"blue", "rack-1"};
  two.labels = {"blue"};
  two.kernel = "6.12.0";
  two.profiles = {"web-server", "hardened"};
  const auto groups = [&](FleetSplit split) {
    FleetQuestion asked = question();
    asked.split = split;
    std::vector<std::pair<std::string, int64_t>> counted;
    for (const FleetReport::Group& group : report_on({one, two, none}, asked).groups) {
      counted.emplace_back(group.name, group.counts.hosts);
    }
    return counted;
  };
  using Groups = std::vector<std::pair<std::string, int64_t>>;

  CHECK(groups(FleetSplit::kKernel) == Groups{{"6.1.0", 2}, {"6.12.0", 1}});
  CHECK(groups(FleetSplit::kProfile) == Groups{{"baseline", 2}, {"web-server + hardened", 1}});
  CHECK(groups(FleetSplit::kLabel) == Groups{{"blue", 2}, {"", 1}, {"rack-1", 1}});
  CHECK(groups(FleetSplit::kNone).empty());
}

}  // namespace advisor::fleet_test
