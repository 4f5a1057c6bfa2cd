#include <doctest/doctest.h>

#include <set>

#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::audit_left_out_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using Texts = testing::Lines;

/// A rule that fires on any host; `rest` says what it wants.
std::string rule(const std::string& id, const std::string& rest) {
  return "[[rule]]\nid = '" + id + "'\ntitle = 'T'\nseverity = 'warning'\nevidence = 'e'\n" +
         "because = 'b'\nwhen = 'true'\n" + rest + "\n";
}

/// What is said by these rules of a host on which `closed` cannot be set.
Report audited(const std::string& rules, const std::set<std::string>& closed,
               const Snapshot& host = idle_host()) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const testing::TextProfiles source(
      {{"p", "name = 'p'\nsummary = 's'\nrules = 'g'\n"}, {"rules/g", rules}});
  Diagnostics diagnostics;
  const EffectiveProfile profile =
      resolve_profiles({"p"}, source, testing::knowledge(catalogue), diagnostics);
  Surroundings around;
  for (const std::string& name : closed) around.not_settable[testing::name(name)] = "closed";
  Report report = audit(profile, catalogue, host, {}, diagnostics, around);
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

/// "parameter now -> advised" for each recommendation of a finding.
Texts advice(const Report& report, const std::string& id) {
  const Finding* finding = find_finding(report, id);
  REQUIRE(finding);
  Texts lines;
  for (const Recommendation& wanted : finding->recommendations) {
    lines.push_back(std::string(wanted.parameter.dotted()) + " " + wanted.now.text() + " -> " +
                    wanted.advised.text());
  }
  return lines;
}

Verdict verdict(const Report& report, const std::string& id) {
  const Finding* finding = find_finding(report, id);
  REQUIRE(finding);
  return finding->verdict;
}

}  // namespace

TEST_CASE("audit: what cannot be set here is left out with its reason, and not asked for") {
  const Report report = audited(
      rule("one", "target = { parameter = 'net.core.somaxconn', at_least = 8192 }") +
          rule("both",
               "target = [{ parameter = 'net.core.somaxconn', at_least = 8192 },\n"
               "          { parameter = 'net.ipv4.tcp_max_syn_backlog', at_least = 4096 }]") +
          rule("person",
               "remedy = 'Use a pool.'\n"
               "target = { parameter = 'net.core.somaxconn', at_least = 8192 }"),
      {"net.core.somaxconn"});

  const Finding* one = find_finding(report, "one");
  CHECK(one->verdict == Verdict::kNotApplicable);
  CHECK(advice(report, "one").empty());
  REQUIRE(one->left_out.size() == 1);
  CHECK(in_words(one->left_out[0]) == "net.core.somaxconn = 8192: closed");
  CHECK(one->left_out[0].now == testing::value("4096"));
  CHECK(verdict(report, "both") == Verdict::kViolated);
  CHECK(advice(report, "both") == Texts{"net.ipv4.tcp_max_syn_backlog 1024 -> 4096"});
  CHECK(find_finding(report, "both")->left_out.size() == 1);
  CHECK(find_finding(report, "person")->asks());
}

TEST_CASE("audit: what stands already is fine, whether or not it could be set") {
  const Report report =
      audited(rule("r", "target = { parameter = 'net.core.somaxconn', at_least = 128 }"),
              {"net.core.somaxconn"});

  CHECK(verdict(report, "r") == Verdict::kSatisfied);
  CHECK(find_finding(report, "r")->left_out.empty());
}

TEST_CASE("audit: a demand that only makes possible what is left out sways nobody") {
  const Report report =
      audited(rule("closed",
                   "target = { parameter = 'net.ipv4.tcp_max_syn_backlog', at_least = 4096 }\n"
                   "requires = { \"net.core.somaxconn\" = { at_least = 60000 } }") +
                  rule("open", "target = { parameter = 'net.core.somaxconn', at_least = 8192 }"),
              {"net.ipv4.tcp_max_syn_backlog"});

  CHECK(verdict(report, "closed") == Verdict::kNotApplicable);
  CHECK(advice(report, "open") == Texts{"net.core.somaxconn 4096 -> 8192"});
}

TEST_CASE("audit: what is not there is left out of a rule too, with what requires it") {
  Snapshot host = idle_host();
  testing::set_absent(host, "net.ipv4.tcp_timestamps");
  const Report report =
      audited(rule("r",
                   "target = { parameter = 'net.ipv4.tcp_tw_reuse', exactly = 1 }\n"
                   "requires = { \"net.ipv4.tcp_timestamps\" = { at_least = 1 } }"),
              {}, host);

  const Finding* finding = find_finding(report, "r");
  CHECK(finding->verdict == Verdict::kNotApplicable);
  REQUIRE(finding->left_out.size() == 2);
  CHECK(in_words(finding->left_out[0]) == "there is no net.ipv4.tcp_timestamps");
  CHECK(in_words(finding->left_out[1]) ==
        "net.ipv4.tcp_tw_reuse = 1: it requires net.ipv4.tcp_timestamps, which cannot be set here");
}

TEST_CASE("audit: what is not there names the module that brings it") {
  Snapshot host = idle_host();
  testing::set_absent(host, "net.netfilter.nf_conntrack_max");

  const Report report = audited(
      rule("r", "target = { parameter = 'net.netfilter.nf_conntrack_max', exactly = 65536 }"), {},
      host);

  REQUIRE(report.findings.at(0).left_out.size() == 1);
  CHECK(report.findings[0].left_out[0].reason.find("`modprobe nf_conntrack`") != std::string::npos);
}

}  // namespace advisor::audit_left_out_test
