#include "load/config.h"

#include <doctest/doctest.h>

#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::config_test {
namespace {

using testing::lines_of;
using Texts = testing::Lines;

struct Read {
  Config config;
  Texts complaints;
};

Read read_on(const std::string& today, const std::string& toml) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  Read read;
  read.config =
      parse_config({"config.toml", toml}, testing::knowledge(catalogue), today, diagnostics);
  read.complaints = lines_of(diagnostics);
  return read;
}

constexpr const char* kToday = "2026-11-23";

/// A profile that wants two parameters to be larger, and a rule that wants the same of one.
Report audited(const std::vector<Suppression>& suppressions) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const testing::TextProfiles source(std::map<std::string, std::string>{
      {"p",
       "name = 'p'\nsummary = 's'\nrules = 'g'\n[targets]\n"
       "\"net.core.somaxconn\" = { at_least = 8192 }\n"
       "\"net.ipv4.tcp_fin_timeout\" = { at_least = 90 }\n"},
      {"rules/g",
       "[[rule]]\nid = 'r'\ntitle = 't'\nwhen = 'true'\nseverity = 'warning'\n"
       "target = { parameter = 'net.core.somaxconn', at_least = 16384 }\n"
       "evidence = 'e'\nbecause = 'b'\n"}});
  Diagnostics diagnostics;
  const EffectiveProfile profile =
      resolve_profiles({"p"}, source, testing::knowledge(catalogue), diagnostics);
  const Report report = audit(profile, catalogue, testing::idle_host(), suppressions, diagnostics);
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

Suppression by_rule(const std::string& rule) {
  return {rule, "", "known", "", {}};
}
Suppression by_parameter(const std::string& parameter) {
  return {"", parameter, "known", "", {}};
}

}  // namespace

TEST_CASE("config: a suppression names a rule or a parameter, and says why") {
  const Read read = read_on(kToday,
                            "[[suppress]]\nrule = 'time-wait-*'\nreason = 'batch host'\n"
                            "[[suppress]]\nparameter = 'net/core/somaxconn'\nreason = 'vendor'\n"
                            "until = '2026-11-23'\n");

  CHECK(read.complaints.empty());
  REQUIRE(read.config.suppressions.size() == 2);
  CHECK(read.config.suppressions[0].rule == "time-wait-*");
  CHECK(read.config.suppressions[1].parameter == "net.core.somaxconn");
  CHECK(read.config.suppressions[1].until == "2026-11-23");
}

TEST_CASE("config: a suppression that has run out is left out, with a warning") {
  const Read read =
      read_on(kToday, "[[suppress]]\nrule = 'a'\nreason = 'b'\nuntil = '2026-11-22'\n");

  CHECK(read.config.suppressions.empty());
  REQUIRE(read.complaints.size() == 1);
  CHECK(read.complaints[0].find("ran out on 2026-11-22") != std::string::npos);
}

TEST_CASE("config: what is wrong with a suppression is said with its place") {
  const auto complaint = [](const std::string& entries) {
    const Texts lines = read_on(kToday, "[[suppress]]\n" + entries).complaints;
    REQUIRE(lines.size() == 1);
    return lines[0];
  };

  CHECK(complaint("rule = 'a'\n").starts_with("config.toml:1:1: a suppression needs \"reason\""));
  CHECK(complaint("rule = 'a'\nreason = ''\n")
            .starts_with("config.toml:3:10: a suppression needs a reason"));
  CHECK(complaint("reason = 'b'\n").starts_with("config.toml:1:1: a suppression names either"));
  CHECK(complaint("rule = 'a'\nparameter = 'net.core.somaxconn'\nreason = 'b'\n")
            .starts_with("config.toml:1:1: a suppression names either"));
  CHECK(complaint("rule = 'a'\nreason = 'b'\nuntil = 'soon'\n")
            .starts_with("config.toml:4:9: \"soon\" is no date"));
  CHECK(complaint("parameter = 'net.core.somaxcon'\nreason = 'b'\n")
            .find("did you mean \"net.core.somaxconn\"?") != std::string::npos);
  CHECK(complaint("parameter = 'net.ipv6.conf.*.acept_*'\nreason = 'b'\n")
            .starts_with("config.toml:2:13: \"net.ipv6.conf.*.acept_*\" matches no parameter"));
}

TEST_CASE("config: a pattern may be about an interface that is not there today") {
  CHECK(read_on(kToday, "[[suppress]]\nparameter = 'net.ipv4.conf.wg0.*'\nreason = 'b'\n")
            .complaints.empty());
}

TEST_CASE("suppression: what is suppressed is shown, asks for nothing and sways nobody") {
  const Report report = audited({by_rule("r")});

  const Finding* suppressed = testing::find_finding(report, "r");
  REQUIRE(suppressed);
  CHECK(suppressed->verdict == Verdict::kViolated);
  REQUIRE(suppressed->suppressed);
  CHECK(suppressed->suppressed->reason == "known");
  CHECK_FALSE(suppressed->asks());
  CHECK(suppressed->recommendations.at(0).advised.text() == "16384");
  const Finding* other = testing::find_finding(report, "target:net.core.somaxconn");
  REQUIRE(other);
  CHECK(other->asks());
  CHECK(other->recommendations.at(0).advised.text() == "8192");
}

TEST_CASE("suppression: that of a parameter concerns every finding that speaks of it") {
  const Report report = audited({by_parameter("net.core.*")});

  CHECK_FALSE(testing::find_finding(report, "r")->asks());
  CHECK_FALSE(testing::find_finding(report, "target:net.core.somaxconn")->asks());
  CHECK(testing::find_finding(report, "target:net.ipv4.tcp_fin_timeout")->asks());
}

TEST_CASE("config: what may set a program to run is named, with the reason") {
  const Read read =
      read_on(kToday, "[[allow]]\nparameter = 'kernel.core_pattern'\nreason = 'coredump'\n");

  CHECK(read.complaints.empty());
  CHECK(read.config.code_allowed.contains(testing::name("kernel.core_pattern")));

  for (const char* wrong :
       {"[[allow]]\nparameter = 'kernel.core_pattern'\n", "[[allow]]\nreason = 'r'\n",
        "[[allow]]\nparameter = 'kernel.core_pattern'\nreason = ''\n"}) {
    const Read refused = read_on(kToday, wrong);
    CHECK_FALSE(refused.complaints.empty());
    CHECK(refused.config.code_allowed.empty());
  }
}

}  // namespace advisor::config_test
