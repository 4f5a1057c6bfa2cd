#include "render/json_report.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::json_report_test {
namespace {

using testing::change;
using testing::idle_host;
using testing::name;
using testing::value;

Json read_back(const Json& json) {
  const auto read = parse_json(json.dump());
  REQUIRE(read);
  return *read;
}

const Json& at(const Json& json, const char* key) {
  const Json* member = json.find(key);
  REQUIRE(member);
  return *member;
}

}  // namespace

TEST_CASE("json report: it parses and names its schema") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  Finding finding;
  finding.rule = "r";
  finding.verdict = Verdict::kViolated;
  finding.severity = Severity::kWarning;
  finding.where = {"rules/g.toml", 3, 1};
  Recommendation wanted;
  wanted.parameter = name("net.core.somaxconn");
  wanted.now = value("128");
  wanted.advised = value("4096");
  finding.recommendations = {wanted};
  finding.observed = {{"ports.usable", "28232"}};
  report.findings = {finding};

  const Json json = read_back(json_report(report, testing::shipped_catalogue(), "1.0"));

  CHECK(json.text_at("schema") == "sysctl-advisor/audit/3");
  CHECK(at(json, "asks") == Json(1));
  const Json& row = at(json, "findings").as<Json::Array>()->at(0);
  CHECK(row.text_at("verdict") == "violated");
  CHECK(row.text_at("severity") == "warning");
  CHECK(row.text_at("where") == "rules/g.toml:3:1");
  const Json& advice = at(row, "recommendations").as<Json::Array>()->at(0);
  CHECK(advice.text_at("parameter") == "net.core.somaxconn");
  CHECK(advice.text_at("advised") == "4096");
  CHECK(at(json, "load").text_at("read_from") == "sock_diag");
}

TEST_CASE("json report: a load that could not be read has the same members, and tells why") {
  Report report{{"baseline"}, Snapshot(), {}, {}};

  const Json json = read_back(json_report(report, testing::shipped_catalogue(), "1.0"));

  const Json& load = at(json, "load");
  CHECK(load.text_at("error") == "the socket table was not read");
  CHECK(at(load, "destinations") == Json(nullptr));
  CHECK(at(load, "client") == Json(nullptr));
  CHECK(at(at(json, "kernel_log"), "hints") == Json(nullptr));
  CHECK(at(json, "kernel_log").text_at("error") == "the kernel's log was not read");
}

TEST_CASE("json report: it holds what was read, but for secrets, and who wrote it") {
  Report report{{"baseline"}, Snapshot(), {}, {}};
  report.snapshot.host.memory_bytes = 1024;
  testing::set(report.snapshot, "net.ipv4.tcp_rmem", "4096\t131072\t6291456");
  testing::set(report.snapshot, "net.ipv4.tcp_fastopen_key", "1-2-3-4");
  testing::set_absent(report.snapshot, "net.core.none");

  const Json json = read_back(json_report(report, testing::shipped_catalogue(), "1.0"));

  CHECK(json.text_at("version") == "1.0");
  CHECK(at(at(json, "host"), "memory_bytes") == Json(1024));
  CHECK(at(at(json, "host"), "available_bytes") == Json(nullptr));
  const auto& parameters = *at(json, "parameters").as<Json::Array>();
  REQUIRE(parameters.size() == 2);
  CHECK(parameters[0].text_at("name") == "net.core.none");
  CHECK(at(parameters[0], "value") == Json(nullptr));
  CHECK(at(parameters[0], "error").text_at("kind") == "not-found");
  CHECK(parameters[1].text_at("name") == "net.ipv4.tcp_rmem");
  CHECK(parameters[1].text_at("value") == "4096 131072 6291456");
  CHECK(at(parameters[1], "error") == Json(nullptr));
}

TEST_CASE("json report: the busiest destinations are listed, and all are counted") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  std::vector<SocketRow> rows;
  for (int i = 0; i < 30; ++i) {
    rows.push_back(
        testing::socket_row(TcpState::kEstablished, 40000 + i, "10.0.1." + std::to_string(i)));
  }
  rows.push_back(testing::listener_row(80, 1, std::nullopt));
  report.snapshot.sockets = testing::load_of(rows);

  const Json json = read_back(json_report(report, testing::shipped_catalogue(), "1.0"));

  const Json& load = at(json, "load");
  CHECK(at(load, "destination_count") == Json(30));
  CHECK(at(load, "destinations").as<Json::Array>()->size() == 20);
  CHECK(at(load, "client") == Json::Array{Json::Object{{"state", "ESTAB"}, {"sockets", 30}}});
  CHECK(at(at(load, "listeners").as<Json::Array>()->at(0), "backlog") == Json(nullptr));
}

TEST_CASE("json report: with less detail it holds what asks and what is unknown, and counts all") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  for (const Verdict verdict :
       {Verdict::kViolated, Verdict::kUnknown, Verdict::kSatisfied, Verdict::kNotApplicable}) {
    Finding& finding = report.findings.emplace_back();
    finding.rule = std::string(name_of(verdict));
    finding.verdict = verdict;
    finding.observed = {{"ports.usable", "28232"}};
  }
  Finding& quiet = report.findings.emplace_back(report.findings.front());
  quiet.suppressed = std::make_shared<Suppression>();

  const Json json =
      read_back(json_report(report, testing::shipped_catalogue(), "1.0", Detail::kAsks));

  CHECK(json.text_at("detail") == "asks");
  const auto& findings = *at(json, "findings").as<Json::Array>();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].text_at("rule") == "violated");
  CHECK(findings[1].text_at("rule") == "unknown");
  CHECK(at(findings[0], "observed") == Json(nullptr));
  CHECK(at(at(json, "counts"), "satisfied") == Json(1));
  CHECK(at(at(json, "counts"), "suppressed") == Json(1));
}

TEST_CASE("json report: changes keep their order, and no file is null") {
  const Json changes = read_back(json_changes({change("a.x", "1", "2"), change("a.y", "", "3 4")}));

  REQUIRE(changes.as<Json::Array>()->size() == 2);
  CHECK(changes.as<Json::Array>()->at(1).text_at("after") == "3 4");
  CHECK(json_file_change(std::nullopt) == Json(nullptr));
  CHECK(at(json_file_change(FileChange{"/f", std::nullopt, "t"}), "before") == Json(nullptr));
  CHECK(json_file_change(FileChange{"/f", std::nullopt, "t"}).text_at("after") == "t");
}

}  // namespace advisor::json_report_test
