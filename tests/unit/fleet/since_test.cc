#include "fleet/since.h"

#include <doctest/doctest.h>

#include "support/host_lines.h"

namespace advisor::since_test {
namespace {

using testing::failed_line;
using testing::host_line;
using testing::question;
using testing::report_on;
using testing::with_rule;

/// A report that was made of hosts "a" to "e", of which "a" and "b" had the rule.
FleetQuestion asked_since() {
  FleetQuestion asked = question();
  EarlierFleet earlier;
  earlier.made = "2026-11-29T12:00:00Z";
  earlier.audited = {"id-of-a", "id-of-b", "id-of-c", "id-of-d", "id-of-e"};
  earlier.findings["rule"] = {"The title", Severity::kWarning, {"id-of-a", "id-of-b"}};
  asked.earlier = earlier;
  return asked;
}

std::vector<std::string> names_of(const std::vector<FleetHost>& hosts) {
  std::vector<std::string> names;
  for (const FleetHost& host : hosts) names.push_back(host.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("since: a finding is new where it was not, and solved where it is no longer") {
  const FleetReport report = report_on(
      {host_line("a"), with_rule("b", "rule"), with_rule("c", "rule"), with_rule("new", "rule")},
      asked_since());

  REQUIRE(report.since);
  CHECK(report.since->made == "2026-11-29T12:00:00Z");
  CHECK(report.since->hosts_new == 1);
  CHECK(report.since->hosts_gone == 2);
  REQUIRE(report.since->changes.size() == 1);
  const FleetReport::Change& change = report.since->changes[0];
  CHECK(change.rule == "rule");
  CHECK(names_of(change.newly) == Names{"c"});
  CHECK(names_of(change.no_longer) == Names{"a"});
  CHECK(change.first_seen == 1);
  CHECK(change.not_told == 0);
}

TEST_CASE("since: a host that failed, is missing or cannot judge the rule has solved nothing") {
  HostLine unable = host_line("a");
  unable.unknown = {{"rule", {"no root"}}};

  for (const auto& lines :
       {std::vector{unable, failed_line("b", "no")}, std::vector{unable, host_line("c")}}) {
    const FleetReport report = report_on(lines, asked_since());

    REQUIRE(report.since->changes.size() == 1);
    CHECK(report.since->changes[0].no_longer.empty());
    CHECK(report.since->changes[0].not_told == 2);
  }
}

TEST_CASE("since: what nobody has any longer keeps the title that it had") {
  const FleetReport report = report_on({host_line("a"), host_line("b")}, asked_since());

  REQUIRE(report.since->changes.size() == 1);
  CHECK(report.since->changes[0].title == "The title");
  CHECK(report.since->changes[0].severity == Severity::kWarning);
  CHECK(names_of(report.since->changes[0].no_longer) == Names{"a", "b"});
}

TEST_CASE("since: where everything is as it was there is no change") {
  const FleetReport report =
      report_on({with_rule("a", "rule"), with_rule("b", "rule")}, asked_since());

  CHECK(report.since->changes.empty());
}

}  // namespace advisor::since_test
