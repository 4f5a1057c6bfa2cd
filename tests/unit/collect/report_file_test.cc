#include "collect/report_file.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "render/json_report.h"
#include "support/builders.h"

namespace advisor::report_file_test {
namespace {

using testing::name;
using testing::value;

/// A report with something in every place that is compared.
Report example() {
  Report report{{"baseline", "router"}, testing::idle_host(), {}, {}};
  Snapshot& snapshot = report.snapshot;
  snapshot.taken = "2026-11-22T22:01:56Z";
  snapshot.host.available_bytes = 12345;
  testing::set_unreadable(snapshot, "net.ipv4.tcp_rmem");
  testing::set_absent(snapshot, "net.core.none");
  testing::count(snapshot, "Tcp.ActiveOpens", 30);
  std::vector<SocketRow> rows{testing::listener_row(443, 3, 128, "2001:db8::1"),
                              testing::listener_row(80, 0, std::nullopt)};
  for (int i = 0; i < 30; ++i) {
    rows.push_back(
        testing::socket_row(TcpState::kEstablished, 40000 + i, "10.0.1." + std::to_string(i)));
  }
  rows.push_back(testing::socket_row(TcpState::kEstablished, 41000, "10.0.1.7"));
  snapshot.sockets = testing::load_of(rows);
  Finding& finding = report.findings.emplace_back();
  finding.rule = "r";
  finding.title = "Title";
  finding.verdict = Verdict::kViolated;
  finding.severity = Severity::kCritical;
  finding.evidence = "98 %";
  Recommendation& wanted = finding.recommendations.emplace_back();
  wanted.parameter = name("net.core.somaxconn");
  wanted.now = value("128");
  wanted.advised = value("4096");
  Finding& quiet = report.findings.emplace_back(finding);
  quiet.rule = "q";
  quiet.verdict = Verdict::kUnknown;
  quiet.missing = {"rates"};
  quiet.suppressed = std::make_shared<Suppression>(Suppression{"q", "", "ticket 7", "", {}});
  return report;
}

std::string printed(const Report& report) {
  return json_report(report, testing::shipped_catalogue(), "1.0").dump();
}

/// What is wrong with the example once `from` stands as `to` in it.
std::string fault_of(const std::string& from, const std::string& to) {
  std::string text = printed(example());
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  const auto json = parse_json(text.replace(at, from.size(), to));
  REQUIRE(json);
  const auto read = report_of("FILE", *json);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("report file: what an audit printed is read back, as far as it is compared") {
  const Report report = example();

  const auto read = report_of("FILE", *parse_json(printed(report)));

  REQUIRE(read);
  CHECK(read->file == "FILE");
  CHECK_FALSE(read->anonymized);
  CHECK(read->report.profiles == report.profiles);
  const Snapshot& snapshot = read->report.snapshot;
  CHECK(snapshot.taken == report.snapshot.taken);
  CHECK(snapshot.host.name == "host");
  CHECK(snapshot.host.kernel == "6.1.0-40-amd64");
  CHECK(snapshot.counters.interval_seconds == 1);
  CHECK(snapshot.reading(name("net.ipv4.ip_local_port_range"))->text() == "32768 60999");
  CHECK(snapshot.reading(name("net.ipv4.tcp_rmem")).error().kind == ErrorKind::kDenied);
  CHECK(snapshot.lacks(name("net.core.none")));
  CHECK(read->figures == Figures{{"connections.incoming_per_second", 0},
                                 {"connections.outgoing_per_second", 30},
                                 {"host.available_bytes", 12345},
                                 {"host.memory_bytes", double(int64_t{4} << 30)}});
}

TEST_CASE("report file: the sockets of a report are those that it lists, and others are unknown") {
  const Report report = example();

  const auto read = report_of("FILE", *parse_json(printed(report)));

  REQUIRE(read);
  const SocketLoad& load = *read->report.snapshot.sockets;
  CHECK(load.client == report.snapshot.sockets->client);
  CHECK(load.destinations.size() == 20);
  CHECK(load.tail.destinations == 10);
  CHECK(load.destinations[0].destination.address.text() == "10.0.1.7");
  CHECK(load.destinations[0].ports_in_use == 2);
  REQUIRE(load.listeners.size() == 2);
  CHECK(load.listeners[0].waiting + load.listeners[1].waiting == 3);
}

TEST_CASE("report file: findings are read back") {
  const auto read = report_of("FILE", *parse_json(printed(example())));

  REQUIRE(read);
  const std::vector<Finding>& findings = read->report.findings;
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "r");
  CHECK(findings[0].asks());
  CHECK(findings[0].severity == Severity::kCritical);
  CHECK(findings[0].evidence == "98 %");
  CHECK(findings[0].recommendations[0].parameter == name("net.core.somaxconn"));
  CHECK(findings[0].recommendations[0].advised == value("4096"));
  CHECK(findings[1].verdict == Verdict::kUnknown);
  CHECK(findings[1].missing == std::vector<std::string>{"rates"});
  CHECK(findings[1].suppressed->reason == "ticket 7");
}

TEST_CASE("report file: sockets that could not be read stay unknown, and so do rates") {
  Report report = example();
  report.snapshot.sockets = Error{ErrorKind::kDenied, "not for you", EPERM};
  const auto unread = report_of("FILE", *parse_json(printed(report)));
  REQUIRE(unread);
  CHECK(unread->report.snapshot.sockets.error().message == "not for you");

  report = example();
  report.snapshot.counters = {};
  report.snapshot.host.name = kAnonymizedName;
  const auto once = report_of("FILE", *parse_json(printed(report)));
  REQUIRE(once);
  CHECK_FALSE(once->figures.contains("connections.outgoing_per_second"));
  CHECK(once->anonymized);
}

TEST_CASE("report file: a member of another type is told with its place") {
  CHECK(fault_of("\"taken\": \"2026", "\"taken\": 7, \"x\": \"2026") ==
        "FILE: $.taken: must be a text");
  CHECK(fault_of("\"ports_in_use\": 2", "\"ports_in_use\": -2") ==
        "FILE: $.load.destinations[0].ports_in_use: must be a whole number from 0 to "
        "1099511627776");
  CHECK(fault_of("\"10.0.1.7\"", "\"10.0.1\"") ==
        "FILE: $.load.destinations[0].destination: must be an IP address");
  CHECK(fault_of("\"severity\": \"critical\"", "\"severity\": \"doom\"") ==
        "FILE: $.findings[0].severity: must be a severity");
  CHECK(fault_of("\"verdict\": \"violated\"", "\"verdict\": null") ==
        "FILE: $.findings[0].verdict: must be a text");
  CHECK(fault_of("\"parameter\": \"net.core.somaxconn\"", "\"parameter\": \"..\"") ==
        "FILE: $.findings[0].recommendations[0].parameter: must be the name of a parameter");
  CHECK(fault_of("\"parameters\": [", "\"parameters\": {}, \"x\": [") ==
        "FILE: $.parameters: must be an array");
  CHECK(fault_of("\"ESTAB\"", "\"OPEN\"") ==
        "FILE: $.load.client[0]: there is no TCP state \"OPEN\"");
  CHECK(fault_of("\"findings\": [", "\"x\": [") == "FILE: $: the member \"findings\" is missing");
  CHECK(fault_of("\"interval_seconds\": 1", "\"interval_seconds\": 1e300, \"x\": 1") ==
        "FILE: $.interval_seconds: must be a number from 0 to 1099511627776");
}

TEST_CASE("report file: members that are not compared may be anything, and others come later") {
  CHECK(fault_of("\"objections\": []", "\"objections\": 7, \"later\": {}").empty());
}

TEST_CASE("report file: one that lacks findings is refused, since they would look gone") {
  const Json json = json_report(example(), testing::shipped_catalogue(), "1.0", Detail::kAsks);

  const auto read = report_of("FILE", json);

  REQUIRE_FALSE(read);
  CHECK(read.error().message ==
        "FILE: $: a report of --detail asks lacks findings, which would look gone; write it with "
        "--detail all");
}

TEST_CASE("report file: what is no report, or of another version, is said so") {
  CHECK(fault_of("sysctl-advisor/audit/3", "sysctl-advisor/audit/2") ==
        "FILE: it has sysctl-advisor/audit/2, and this program reads sysctl-advisor/audit/3; use "
        "the sysctl-advisor that wrote it, version 1.0");
  CHECK(fault_of("sysctl-advisor/audit/3", "sysctl-advisor/status/1") ==
        "FILE: $.schema: this is not what `sysctl-advisor audit --format json` writes");
}

}  // namespace advisor::report_file_test
