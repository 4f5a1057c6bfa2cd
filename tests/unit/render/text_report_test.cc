#include "render/text_report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "render/text_brief.h"
#include "support/builders.h"

namespace advisor::text_report_test {
namespace {

using testing::idle_host;
using testing::listener_row;
using testing::load_of;
using testing::name;
using testing::socket_row;
using testing::value;

Recommendation wanted(const char* parameter, const char* now, const char* advised) {
  Recommendation recommendation;
  recommendation.parameter = name(parameter);
  recommendation.now = value(now);
  recommendation.advised = value(advised);
  recommendation.effect = "the next listen(): a running server must listen again";
  recommendation.cost = "Memory for the connections that then may wait for accept(), some KB each.";
  return recommendation;
}

Finding finding(const std::string& rule, Verdict verdict, Severity severity) {
  Finding finding;
  finding.rule = rule;
  finding.title = "A title that is a sentence and is long enough to be broken over two lines of it";
  finding.verdict = verdict;
  finding.severity = severity;
  finding.evidence =
      "27 411 of 28 232 usable local ports (97 %) towards 10.0.0.5:8080 are blocked.";
  finding.because =
      "Each connection needs a local port of its own, and TIME_WAIT holds it for 60 s.";
  finding.reference = {"https://docs.kernel.org/networking/ip-sysctl.html"};
  return finding;
}

Report busy_report() {
  Snapshot snapshot = idle_host();
  std::vector<SocketRow> rows{listener_row(22)};
  for (int i = 0; i < 7; ++i) {
    rows.push_back(socket_row(TcpState::kEstablished, 40000 + i,
                              "2001:db8:aaaa:bbbb:cccc:dddd:eeee:" + std::to_string(1000 + i)));
  }
  snapshot.sockets = load_of(rows);
  Report report{{"outbound-service", "web-server"}, std::move(snapshot), {}, {}};
  Finding first = finding("local-ports-exhausted", Verdict::kViolated, Severity::kCritical);
  first.recommendations = {wanted("net.ipv4.ip_local_port_range", "32768 60999", "15000 60999")};
  first.recommendations[0].in_catalogue = false;
  first.remedy = "Keep connections open and use them again: a pool of 13 would carry what is open.";
  Finding unknown = finding("unknown-rule", Verdict::kUnknown, Severity::kNote);
  unknown.missing = {"the rate of TcpExt.ListenOverflows needs two samples: use --interval 1s"};
  report.findings = {first, unknown, finding("fine", Verdict::kSatisfied, Severity::kNote)};
  return report;
}

std::string plain(const Report& report) {
  return text_report(report, {});
}

/// Without the line breaks.
std::string unbroken(const std::string& text) {
  return join(split_words(text), " ");
}

size_t longest_line(const std::string& text) {
  size_t longest = 0;
  for (const std::string_view line : split_lines(text)) longest = std::max(longest, line.size());
  return longest;
}

}  // namespace

TEST_CASE("text report: it fits 80 columns") {
  CHECK(longest_line(plain(busy_report())) <= 80);
}

TEST_CASE("text report: it fits 80 columns where a value is a long list of ports") {
  Report report = busy_report();
  report.findings[0].recommendations = {
      wanted("net.ipv4.ip_local_reserved_ports", "", "1433,3306,5432,6379,8080,8443,9090,9100")};

  CHECK(longest_line(plain(report)) <= 80);
}

TEST_CASE("text report: a finding shows now, advised, numbers, reason, cost and source") {
  const std::string text = unbroken(plain(busy_report()));

  for (const std::string part :
       {"CRITICAL local-ports-exhausted", "net.ipv4.ip_local_port_range 32768 60999 -> 15000 60999",
        "takes effect: the next listen()", "can be taken back", "costs: Memory",
        "not in the catalogue", "Seen 27 411 of 28 232", "Why Each connection",
        "Besides Keep connections", "See https://docs.kernel.org", "UNKNOWN unknown-rule",
        "Missing the rate of"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("text report: what is fine is counted, and listed when asked for") {
  TextStyle verbose;
  verbose.verbose = true;

  CHECK(plain(busy_report()).find("OK  fine") == std::string::npos);
  CHECK(text_report(busy_report(), verbose).find("OK  fine") != std::string::npos);
}

TEST_CASE("text report: a change that cannot be taken back says so") {
  Report report = busy_report();
  report.findings[0].recommendations[0].one_way = true;

  CHECK(unbroken(plain(report)).find("cannot be taken back before the next boot") !=
        std::string::npos);
}

TEST_CASE("text report: an empty value is shown as one") {
  Report report = busy_report();
  report.findings[0].recommendations = {wanted("net.ipv4.ip_local_reserved_ports", "", "8080")};

  CHECK(plain(report).find("(empty) -> 8080") != std::string::npos);
}

TEST_CASE("text report: colours are there only when asked for") {
  TextStyle style;
  style.color = true;

  CHECK(plain(busy_report()).find('\033') == std::string::npos);
  CHECK(text_report(busy_report(), style).find("\033[1;31mCRITICAL\033[0m") != std::string::npos);
}

TEST_CASE("text report: a load that could not be read says why") {
  Report report = busy_report();
  report.snapshot.sockets = Error{ErrorKind::kDenied, "cannot read the socket table", 13};

  CHECK(plain(report).find("Load      cannot read the socket table") != std::string::npos);
}

TEST_CASE(
    "text report: many rules that could not be judged are told together, by what is missing") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  for (int i = 0; i < 4; ++i) {
    report.findings.push_back(finding("r" + std::to_string(i), Verdict::kUnknown, Severity::kNote));
    report.findings.back().missing = {"two samples"};
  }
  TextStyle verbose;
  verbose.verbose = true;

  const std::string text = text_report(report, TextStyle{});

  CHECK(text.find("UNKNOWN  4 rules\n") != std::string::npos);
  CHECK(text.find("  Missing   two samples (4 rules)\n") != std::string::npos);
  CHECK(text.find("r2") == std::string::npos);
  CHECK(text_report(report, verbose).find("UNKNOWN  r2\n") != std::string::npos);
}

TEST_CASE("text report: what was told at length is named once more at the end, a line each") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.findings = {finding("first", Verdict::kViolated, Severity::kCritical),
                     finding("second", Verdict::kViolated, Severity::kNote),
                     finding("told", Verdict::kViolated, Severity::kInfo)};

  const std::string lines =
      "CRITICAL  first: A title that is a sentence and is long enough to be broken o...\n"
      "NOTE      second: A title that is a sentence and is long enough to be broken ...\n";
  CHECK(finding_lines(report, {}) == lines);
  CHECK(text_report(report, {}).find(lines + "\n1 critical finding, 1 note; 1 to know") !=
        std::string::npos);
  report.findings.resize(1);
  CHECK(text_report(report, {}).find("CRITICAL  first: ") == std::string::npos);
}

TEST_CASE("text report: the brief one has a line for each finding and says how many there are") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.findings = {finding("first", Verdict::kViolated, Severity::kWarning),
                     finding("fine", Verdict::kSatisfied, Severity::kNote)};

  const std::string text = text_brief(report, {});

  CHECK(text.find("\n\nWARNING   first: A title") != std::string::npos);
  CHECK(text.ends_with("\n\n1 warning; 1 check fine\n"));
  CHECK(text.find("27 411") == std::string::npos);
}

}  // namespace advisor::text_report_test
