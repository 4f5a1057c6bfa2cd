#include "render/metrics.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"

namespace advisor::metrics_test {
namespace {

HostSummary audited() {
  HostSummary host;
  host.version = "1.2.3";
  host.taken = "2026-11-22T22:01:56Z";
  host.profiles = {"baseline", "web-server"};
  host.profile_hash = "0123456789abcdef";
  host.counts = FindingCounts{{0, 2, 1, 3}, 50, 4, 5, 6};
  host.usable_ports = 1000;
  host.transactions_read = true;
  host.boot = BootOutlook();
  return host;
}

IpAddress address(const std::string& text) {
  return *IpAddress::parse(text);
}

HostSummary::FullDestination towards(const std::string& destination, int64_t in_use,
                                     int64_t blocked) {
  HostSummary::FullDestination load;
  load.to = {address("10.0.0.1"), address(destination), 8080};
  load.ports_in_use = in_use;
  load.ports_blocked = blocked;
  load.usable_ports = 1000;
  load.opened_per_second = 12.5;
  return load;
}

HostSummary::Asking asking(const std::string& rule, Severity severity = Severity::kCritical) {
  HostSummary::Asking asks;
  asks.rule = rule;
  asks.severity = severity;
  return asks;
}

std::vector<std::string> series_of(const std::string& text) {
  std::vector<std::string> series;
  for (const std::string_view line : split_lines(text)) {
    if (!line.starts_with('#')) series.emplace_back(line.substr(0, line.rfind(' ')));
  }
  return series;
}

bool has_line(const std::string& text, std::string_view wanted) {
  const auto lines = split_lines(text);
  return std::ranges::find(lines, wanted) != lines.end();
}

/// More of everything than a summary holds.
HostSummary worst_host() {
  HostSummary host = audited();
  for (int i = 0; i < 100; ++i) {
    host.findings.push_back(asking(fmt::format("rule-{}", i)));
  }
  for (size_t i = 0; i < HostSummary::kListed; ++i) {
    const std::string name = fmt::format("10.0.1.{}", i);
    host.destinations.push_back(towards(name, 900, 800));
    host.listeners.push_back({address(name), uint16_t(8080 + i), 129, 128, 3});
  }
  host.ports_exhausted_in_seconds = 7;
  host.transaction = HostSummary::Applied{"7",
                                          TransactionState::kProvisional,
                                          std::string("2026-11-22T22:02:56Z"),
                                          {HostSummary::Drift{}}};
  host.boot->lost.resize(1000);
  host.boot->not_in_effect.resize(1000);
  return host;
}

}  // namespace

TEST_CASE("metrics: a host has 60 series at most, whatever it holds") {
  for (const Exposition exposition : {Exposition::kPrometheus, Exposition::kOpenMetrics}) {
    const auto series = series_of(metrics(worst_host(), exposition));

    CHECK(series.size() <= kMostSeries);
    CHECK(series.size() > kMostSeries - 5);  // of a host that has nearly everything
    CHECK(std::set(series.begin(), series.end()).size() == series.size());
  }
}

TEST_CASE("metrics: what was counted and seen stands there in numbers") {
  HostSummary host = audited();
  host.findings = {asking("accept-queue-full"), asking("time-wait-reuse", Severity::kWarning)};
  host.destinations = {towards("10.0.0.5", 971, 300), towards("2001:db8::1", 100, 50)};
  host.ports_exhausted_in_seconds = std::numeric_limits<double>::infinity();
  host.listeners = {{address("::"), 443, 129, 128, 0}, {address("0.0.0.0"), 80, 0, 511, 0}};

  const std::string text = metrics(host, Exposition::kPrometheus);

  for (const char* line :
       {"sysctl_advisor_build_info{version=\"1.2.3\"} 1",
        "sysctl_advisor_audit_info{profiles=\"baseline+web-server\","
        "profile_hash=\"0123456789abcdef\"} 1",
        "sysctl_advisor_audit_timestamp_seconds 1795384916", "sysctl_advisor_audit_success 1",
        "sysctl_advisor_findings{severity=\"critical\"} 3",
        "sysctl_advisor_findings{severity=\"info\"} 0",
        "sysctl_advisor_checks{verdict=\"not_applicable\"} 5",
        "sysctl_advisor_rule_violated{rule=\"time-wait-reuse\",severity=\"warning\"} 1",
        "sysctl_advisor_local_ports_usable 1000",
        "sysctl_advisor_local_ports_in_use_max_ratio 0.971",
        "sysctl_advisor_local_ports_blocked_max_ratio 0.3",
        "sysctl_advisor_local_ports_exhausted_min_seconds +Inf",
        "sysctl_advisor_destination_connections_opened_per_second{source=\"10.0.0.1\","
        "destination=\"10.0.0.5\",port=\"8080\"} 12.5",
        "sysctl_advisor_listener_accept_queue_sockets{address=\"::\",port=\"443\"} 129",
        "sysctl_advisor_listener_accept_queue_limit{address=\"::\",port=\"443\"} 128",
        "sysctl_advisor_transaction_state{state=\"stuck\"} 0", "sysctl_advisor_drift_parameters 0",
        "sysctl_advisor_boot_mismatch_parameters 0"}) {
    CAPTURE(std::string(line));
    CHECK(has_line(text, line));
  }
  // A tenth of the range is not above a tenth, and a queue in which nobody waits is none.
  CHECK(text.find("2001:db8::1") == std::string::npos);
  CHECK(text.find("port=\"80\"") == std::string::npos);
}

TEST_CASE("metrics: what is not known is no 0") {
  HostSummary host = audited();
  host.usable_ports.reset();
  host.transactions_read = false;
  host.boot.reset();

  const std::string text = metrics(host, Exposition::kPrometheus);

  for (const char* family :
       {"ports", "destination", "exhausted", "transaction", "drift", "boot_"}) {
    CAPTURE(std::string(family));
    CHECK(text.find(family) == std::string::npos);
  }
}

TEST_CASE("metrics: of an audit that failed it is told that it failed, and when") {
  HostSummary host;
  host.version = "1.2.3";
  host.state = AuditState::kFailed;
  host.taken = "2026-11-22T22:01:56Z";

  const std::string text = metrics(host, Exposition::kPrometheus);

  CHECK(has_line(text, "sysctl_advisor_audit_success 0"));
  CHECK(has_line(text, "sysctl_advisor_audit_timestamp_seconds 1795384916"));
  CHECK(series_of(text).size() == 4);
}

TEST_CASE("metrics: what others wrote cannot end a label") {
  HostSummary host = audited();
  host.profiles = {"a\"} 1\nevil 1\\"};
  host.findings = {asking("\xff\x1b[2J\xc3\xa4"), asking("\xfe\x1b[2J\xc3\xa4")};

  const std::string text = metrics(host, Exposition::kPrometheus);

  CHECK(text.find("profiles=\"a\\\"} 1\\nevil 1\\\\\"") != std::string::npos);
  CHECK(text.find("rule=\"\ufffd\ufffd[2J\u00e4\"") != std::string::npos);
  const auto series = series_of(text);
  CHECK(std::set(series.begin(), series.end()).size() == series.size());
}

TEST_CASE("metrics: of sockets that share a port the fuller one counts") {
  HostSummary host = audited();
  host.listeners = {{address("::"), 443, 129, 128, 0}, {address("::"), 443, 5, 128, 0}};

  const std::string text = metrics(host, Exposition::kPrometheus);

  CHECK(has_line(text,
                 "sysctl_advisor_listener_accept_queue_sockets{address=\"::\",port=\"443\"} 129"));
  CHECK(text.find(" 5\n", text.find("accept_queue_sockets{")) == std::string::npos);
}

TEST_CASE("metrics: every series of a network namespace carries its name") {
  HostSummary host = worst_host();
  host.host.netns = "blue";

  for (const std::string& series : series_of(metrics(host, Exposition::kOpenMetrics))) {
    CAPTURE(series);
    CHECK(series.find("{netns=\"blue\"") != std::string::npos);
  }
}

TEST_CASE("metrics: OpenMetrics has an end, units and infos, and the other format has none") {
  const std::string open = metrics(worst_host(), Exposition::kOpenMetrics);
  const std::string plain = metrics(worst_host(), Exposition::kPrometheus);

  CHECK(open.ends_with("\n# EOF\n"));
  CHECK(has_line(open, "# TYPE sysctl_advisor_build info"));
  CHECK(has_line(open, "# UNIT sysctl_advisor_audit_timestamp_seconds seconds"));
  CHECK(has_line(plain, "# TYPE sysctl_advisor_build_info gauge"));
  CHECK(plain.find("# EOF") == std::string::npos);
  CHECK(plain.find("# UNIT") == std::string::npos);
  CHECK(series_of(open) == series_of(plain));
}

}  // namespace advisor::metrics_test
