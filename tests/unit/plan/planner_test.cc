#include "plan/planner.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::planner_test {
namespace {

using testing::change;
using testing::name;
using testing::value;
using Texts = testing::Lines;

Recommendation wanted(const char* parameter, const char* now, const char* advised,
                      bool required = false) {
  Recommendation recommendation;
  recommendation.parameter = name(parameter);
  recommendation.now = value(now);
  recommendation.advised = value(advised);
  recommendation.required = required;
  return recommendation;
}

Finding finding(const std::string& rule, std::vector<Recommendation> recommendations) {
  Finding finding;
  finding.rule = rule;
  finding.title = "Title of " + rule;
  finding.verdict = Verdict::kViolated;
  finding.severity = Severity::kWarning;
  finding.recommendations = std::move(recommendations);
  return finding;
}

Report report_of(std::vector<Finding> findings) {
  return {{"p"}, {}, std::move(findings), {}};
}

PlanningOutcome planned(const Report& report, bool allow_one_way = false) {
  return plan_changes(report, testing::shipped_catalogue(), {allow_one_way});
}

Texts order_of(const PlanningOutcome& outcome) {
  Texts names;
  for (const Change& change : outcome.changes) names.emplace_back(change.parameter.dotted());
  return names;
}

}  // namespace

TEST_CASE("planner: each change carries what stood before and who asks for it") {
  const PlanningOutcome outcome =
      planned(report_of({finding("r", {wanted("net.core.somaxconn", "128", "4096")})}));

  CHECK(outcome.changes == std::vector<Change>{change("net.core.somaxconn", "128", "4096", "r")});
  CHECK(outcome.refusals.empty());
}

TEST_CASE("planner: a parameter that two findings want is changed once") {
  const PlanningOutcome outcome =
      planned(report_of({finding("a", {wanted("net.core.somaxconn", "128", "4096")}),
                         finding("b", {wanted("net.core.somaxconn", "128", "4096")})}));

  REQUIRE(outcome.changes.size() == 1);
  CHECK(outcome.changes[0].because == "a");
}

TEST_CASE("planner: what others require comes before them, though it was asked for later") {
  const PlanningOutcome outcome =
      planned(report_of({finding("a", {wanted("net.ipv4.tcp_tw_reuse", "0", "1")}),
                         finding("b", {wanted("net.ipv4.tcp_timestamps", "0", "1", true),
                                       wanted("net.ipv4.tcp_tw_reuse", "0", "1")})}));

  CHECK(order_of(outcome) == Texts{"net.ipv4.tcp_timestamps", "net.ipv4.tcp_tw_reuse"});
}

TEST_CASE("planner: what the kernel holds against each other goes in an order that it takes") {
  const PlanningOutcome outcome = planned(
      report_of({finding("a", {wanted("net.ipv4.ip_local_port_range", "32768 60999", "500 60999")}),
                 finding("b", {wanted("net.ipv4.ip_unprivileged_port_start", "1024", "400")})}));

  CHECK(order_of(outcome) ==
        Texts{"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_port_range"});
}

TEST_CASE("planner: requirements in a circle still give an order") {
  const PlanningOutcome outcome =
      planned(report_of({finding("a", {wanted("a.x", "0", "1", true), wanted("a.y", "0", "1")}),
                         finding("b", {wanted("a.y", "0", "1", true), wanted("a.x", "0", "1")})}));

  CHECK(outcome.changes.size() == 2);
}

TEST_CASE("planner: a finding that is not violated changes nothing") {
  Finding unknown = finding("a", {wanted("net.core.somaxconn", "128", "4096")});
  unknown.verdict = Verdict::kUnknown;

  const PlanningOutcome outcome = planned(report_of({unknown}));

  CHECK(outcome.changes.empty());
  CHECK(outcome.refusals.empty());
}

TEST_CASE("planner: a parameter through which code is run as root is refused") {
  const PlanningOutcome outcome =
      planned(report_of({finding("a", {wanted("kernel.core_pattern", "core", "|/tmp/x")})}), true);

  CHECK(outcome.refusals ==
        Texts{"kernel.core_pattern says what code the kernel runs as root; no profile may set "
              "it, unless [[allow]] in /etc/sysctl-advisor/config.toml names it"});
}

TEST_CASE("planner: a one-way parameter is refused unless the administrator allows it") {
  const Report report = report_of({finding("a", {wanted("kernel.kexec_load_disabled", "0", "1")})});

  CHECK(planned(report).refusals.size() == 1);
  CHECK(planned(report).refusals.at(0).find("--allow-one-way") != std::string::npos);
  CHECK(planned(report, true).refusals.empty());
}

TEST_CASE("planner: a value that the kernel does not take is refused, and no other one") {
  const auto refusals = [](const char* advised) {
    return planned(report_of({finding("a", {wanted("net.ipv4.tcp_retries2", "15", advised)})}))
        .refusals;
  };

  CHECK(refusals("300") == Texts{"net.ipv4.tcp_retries2 = 300: the kernel takes 0..255"});
  CHECK(refusals("200").empty());
}

TEST_CASE("planner: of two forms of one setting either can be changed, and never both") {
  const auto planned_pair = [](const char* bytes, const char* ratio) {
    return planned(report_of({finding(
        "a", {wanted("vm.dirty_bytes", "0", bytes), wanted("vm.dirty_ratio", "20", ratio)})}));
  };

  CHECK(planned(report_of({finding("a", {wanted("vm.dirty_bytes", "0", "100000000")})}))
            .refusals.empty());
  CHECK(planned(report_of({finding("a", {wanted("vm.dirty_ratio", "0", "10")})})).refusals.empty());
  CHECK(order_of(planned_pair("100000000", "0")) == Texts{"vm.dirty_bytes"});
  CHECK(planned_pair("100000000", "0").refusals.empty());
  CHECK(planned_pair("100000000", "10").refusals.size() == 1);
}

TEST_CASE("planner: what moves others comes before them, and what stays comes last") {
  const PlanningOutcome outcome =
      planned(report_of({finding("a", {wanted("kernel.kexec_load_disabled", "0", "1"),
                                       wanted("net.ipv4.conf.all.accept_redirects", "0", "1"),
                                       wanted("net.ipv4.conf.eth0.rp_filter", "0", "1"),
                                       wanted("net.ipv4.conf.default.rp_filter", "0", "2"),
                                       wanted("net.ipv4.ip_forward", "0", "1")})}),
              true);

  CHECK(order_of(outcome) == Texts{"net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects",
                                   "net.ipv4.conf.default.rp_filter",
                                   "net.ipv4.conf.eth0.rp_filter", "kernel.kexec_load_disabled"});
}

TEST_CASE("planner: what the kernel lets nobody change any more is refused whatever is allowed") {
  const Report report = report_of({finding("a", {wanted("kernel.modules_disabled", "1", "0")})});

  CHECK(planned(report, true).refusals ==
        Texts{"kernel.modules_disabled is 1, and the kernel takes nothing else before the next "
              "boot; --persist alone sets it for that"});
  const Report reversible =
      report_of({finding("a", {wanted("kernel.yama.ptrace_scope", "3", "1")})});
  CHECK(
      plan_changes(reversible, testing::shipped_catalogue(), {.run_time = false}).refusals.empty());
}

TEST_CASE("planner: what can only be written or only be read is refused") {
  const auto refusal = [](const char* parameter) {
    return planned(report_of({finding("a", {wanted(parameter, "0", "1")})})).refusals.at(0);
  };

  CHECK(refusal("net.ipv4.route.flush").find("can only be written") != std::string::npos);
  CHECK(refusal("kernel.osrelease").find("only to be read") != std::string::npos);
}

TEST_CASE("planner: a parameter that runs programs may be set once the configuration names it") {
  const Report report =
      report_of({finding("a", {wanted("kernel.core_pattern", "core", "|/usr/bin/x")})});

  CHECK(plan_changes(report, testing::shipped_catalogue(),
                     {.code_allowed = {name("kernel.core_pattern")}})
            .refusals.empty());
}

TEST_CASE("planner: a vector that nobody knows must have all its numbers") {
  CHECK(planned(report_of({finding("a", {wanted("x.y", "1 2 3", "1 2")})})).refusals.size() == 1);
  CHECK(planned(report_of({finding("a", {wanted("x.y", "1 2 3", "4 5 6")})})).refusals.empty());
}

TEST_CASE("planner: what cannot be set here is left out once, and the rest is planned") {
  Finding some = finding("a", {wanted("net.ipv4.tcp_fin_timeout", "60", "45")});
  some.left_out = {{name("net.core.somaxconn"), value("128"), value("4096"), "closed", "a"}};
  Finding none = finding("b", {});
  none.verdict = Verdict::kNotApplicable;
  none.left_out = {{name("net.core.somaxconn"), value("128"), value("4096"), "closed", "b"}};
  Finding suppressed = finding("c", {});
  suppressed.left_out = {{name("net.x"), std::nullopt, std::nullopt, "absent", "c"}};
  suppressed.suppressed = std::make_shared<const Suppression>();

  const PlanningOutcome outcome = planned(report_of({some, none, suppressed}));

  CHECK(order_of(outcome) == Texts{"net.ipv4.tcp_fin_timeout"});
  REQUIRE(outcome.left_out.size() == 1);
  CHECK(outcome.left_out[0].because == "a");
  CHECK(outcome.refusals.empty());
}

TEST_CASE("planner: what a profile may not ask for is refused where it could not be set either") {
  const auto refusals = [](const char* parameter, const char* now, const char* advised) {
    Finding closed = finding("a", {});
    closed.verdict = Verdict::kNotApplicable;
    closed.left_out = {{name(parameter), value(now), value(advised), "closed", "a"}};
    return planned(report_of({closed})).refusals.size();
  };

  CHECK(refusals("kernel.core_pattern", "core", "|/tmp/x") == 1);
  CHECK(refusals("kernel.kexec_load_disabled", "0", "1") == 1);
  CHECK(refusals("net.core.somaxconn", "128", "-1") == 1);
  CHECK(refusals("net.core.somaxconn", "128", "4096") == 0);
  CHECK(refusals("kernel.osrelease", "6.1", "6.2") == 0);
}

TEST_CASE("planner: a plain target that could not be read is refused, not passed over") {
  Finding target = finding("target:net.core.somaxconn", {});
  target.verdict = Verdict::kUnknown;
  target.missing = {"cannot read net.core.somaxconn"};
  target.where = {"p.toml", 4, 1};

  CHECK(planned(report_of({target})).refusals ==
        Texts{"p.toml:4:1: target:net.core.somaxconn: cannot read net.core.somaxconn"});
}

}  // namespace advisor::planner_test
