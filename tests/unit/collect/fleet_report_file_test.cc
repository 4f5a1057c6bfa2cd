#include "collect/fleet_report_file.h"

#include <doctest/doctest.h>

#include "render/json_fleet.h"
#include "support/host_lines.h"

namespace advisor::fleet_report_file_test {

TEST_CASE("fleet report file: what a report writes is what a later one compares with") {
  const FleetReport report = testing::report_on(
      {testing::with_rule("a", "rule"), testing::host_line("b"), testing::failed_line("c", "no")});

  const auto earlier = earlier_fleet_of("report.json", json_fleet(report, "0.1.0"));

  REQUIRE(earlier);
  CHECK(earlier->made == testing::kNow);
  CHECK(earlier->audited == std::set<std::string>{"id-of-a", "id-of-b"});
  REQUIRE(earlier->findings.contains("rule"));
  CHECK(earlier->findings.at("rule").ids == std::set<std::string>{"id-of-a"});
  CHECK(earlier->findings.at("rule").severity == Severity::kWarning);
}

TEST_CASE("fleet report file: another document is refused, and says what is one") {
  const auto why = [](const Json& json) { return earlier_fleet_of("x", json).error().message; };

  CHECK(why(Json::Object{{"schema", "sysctl-advisor/audit/1"}}) ==
        "x: $.schema: this is not what `sysctl-advisor report --format json` writes");
  CHECK(why(Json::Object{{"schema", "sysctl-advisor/report/2"}, {"version", "9"}})
            .ends_with("use the sysctl-advisor that wrote it, version 9"));
  CHECK(why(Json::Object{{"schema", "sysctl-advisor/report/1"}}) ==
        "x: $: the member \"made\" is missing");
}

}  // namespace advisor::fleet_report_file_test
