#include "rules/audit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "load/rule_selection.h"
#include "support/builders.h"

namespace advisor::audit_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using testing::set;
using testing::TextProfiles;
using Texts = testing::Lines;

std::string head(const std::string& name) {
  return "name = '" + name + "'\nsummary = 's'\n";
}

/// A rule that fires when tcp_fin_timeout is below 60; `rest` says what it wants.
std::string rule(const std::string& id, const std::string& rest, const std::string& severity) {
  return "[[rule]]\nid = '" + id + "'\ntitle = 'T'\nseverity = '" + severity +
         "'\nevidence = 'It is {sysctl.net.ipv4.tcp_fin_timeout}.'\nbecause = 'b'\n"
         "when = 'sysctl.net.ipv4.tcp_fin_timeout < 60'\n" +
         rest + "\n";
}

std::string rule(const std::string& id, const std::string& rest) {
  return rule(id, rest, "warning");
}

/// A host on which such a rule fires.
Snapshot firing_host() {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.tcp_fin_timeout", "15");
  return snapshot;
}

struct Audited {
  Report report;
  Diagnostics diagnostics;
};

/// Whatever profiles `texts` holds, combined.
Audited audited(const std::map<std::string, std::string>& texts, const Snapshot& snapshot) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const TextProfiles source(texts);
  Audited result;
  const EffectiveProfile profile =
      resolve_profiles(source.profile_names(), source,
                       testing::knowledge(catalogue, {"net.ipv4.tcp_odd"}), result.diagnostics);
  REQUIRE(lines_of(result.diagnostics).empty());
  result.report = audit(profile, catalogue, snapshot, {}, result.diagnostics);
  return result;
}

Audited audited_rules(const std::string& rules, const Snapshot& snapshot) {
  return audited({{"p", head("p") + "rules = 'g'\n"}, {"rules/g", rules}}, snapshot);
}

Audited audited_targets(const std::string& targets, const Snapshot& snapshot) {
  return audited({{"p", head("p") + "[targets]\n" + targets}}, snapshot);
}

/// "parameter now -> advised" for each recommendation of a finding, "first:" where it is required.
Texts advice(const Report& report, const std::string& rule) {
  const Finding* finding = find_finding(report, rule);
  REQUIRE(finding);
  Texts lines;
  for (const Recommendation& wanted : finding->recommendations) {
    lines.push_back(fmt::format("{}{} {} -> {}", wanted.required ? "first: " : "",
                                wanted.parameter.dotted(), wanted.now.text(),
                                wanted.advised.text()));
  }
  return lines;
}

Verdict verdict(const Report& report, const std::string& rule) {
  const Finding* finding = find_finding(report, rule);
  REQUIRE(finding);
  return finding->verdict;
}

}  // namespace

TEST_CASE("audit: a rule that fires shows what it saw and what it wants") {
  const Audited result = audited_rules(
      rule("r", "target = { parameter = 'net.core.somaxconn', at_least = 8192 }\nremedy = 'more'"),
      firing_host());

  const Finding* finding = find_finding(result.report, "r");
  REQUIRE(finding);
  CHECK(finding->verdict == Verdict::kViolated);
  CHECK(finding->severity == Severity::kWarning);
  CHECK(finding->evidence == "It is 15.");
  CHECK(finding->remedy == "more");
  CHECK(finding->profile == "p");
  CHECK(finding->where.file == "rules/g.toml");
  REQUIRE(finding->observed.size() == 2);
  CHECK(finding->observed[0].expression == "sysctl.net.ipv4.tcp_fin_timeout");
  CHECK(finding->observed[0].value == "15");
  CHECK(advice(result.report, "r") == Texts{"net.core.somaxconn 4096 -> 8192"});
  CHECK(finding->recommendations[0].in_catalogue);
  CHECK_FALSE(finding->recommendations[0].effect.empty());
}

TEST_CASE("audit: a rule that does not fire is satisfied and wants nothing") {
  const Audited result = audited_rules(
      rule("r", "target = { parameter = 'net.core.somaxconn', at_least = 8192 }"), idle_host());

  CHECK(verdict(result.report, "r") == Verdict::kSatisfied);
  CHECK(advice(result.report, "r").empty());
}

TEST_CASE("audit: where the remedy stands already there is nothing to ask for") {
  const Audited result = audited_rules(
      rule("r", "target = { parameter = 'net.core.somaxconn', at_least = 128 }"), firing_host());

  CHECK(verdict(result.report, "r") == Verdict::kSatisfied);
}

TEST_CASE("audit: a remedy that only a person can carry out is asked for all the same") {
  const Audited result = audited_rules(rule("r", "remedy = 'Use a pool.'"), firing_host());

  CHECK(find_finding(result.report, "r")->asks());
  CHECK(advice(result.report, "r").empty());
}

TEST_CASE("audit: an explanation asks for nothing") {
  const Audited result = audited_rules(rule("r", "", "info"), firing_host());

  CHECK(verdict(result.report, "r") == Verdict::kViolated);
  CHECK_FALSE(find_finding(result.report, "r")->asks());
}

TEST_CASE("audit: what a target requires comes first, and only where it does not hold") {
  const std::string rules = rule("r",
                                 "target = { parameter = 'net.ipv4.tcp_tw_reuse', exactly = 1 }\n"
                                 "requires = { \"net.ipv4.tcp_timestamps\" = { at_least = 1 } }");
  Snapshot without = firing_host();
  set(without, "net.ipv4.tcp_timestamps", "0");

  CHECK(advice(audited_rules(rules, without).report, "r") ==
        Texts{"first: net.ipv4.tcp_timestamps 0 -> 1", "net.ipv4.tcp_tw_reuse 2 -> 1"});
  CHECK(advice(audited_rules(rules, firing_host()).report, "r") ==
        Texts{"net.ipv4.tcp_tw_reuse 2 -> 1"});
}

TEST_CASE("audit: two demands on one parameter are met by one value") {
  const Audited result =
      audited_rules(rule("a", "target = { parameter = 'net.core.somaxconn', at_least = 5000 }") +
                        rule("b", "target = { parameter = 'net.core.somaxconn', at_least = 9000 }"),
                    firing_host());

  CHECK(advice(result.report, "a") == Texts{"net.core.somaxconn 4096 -> 9000"});
  CHECK(advice(result.report, "b") == Texts{"net.core.somaxconn 4096 -> 9000"});
}

TEST_CASE("audit: the demand of a rule that does not fire binds nobody") {
  const std::string rules =
      rule("a", "target = { parameter = 'net.core.somaxconn', at_least = 5000 }") +
      "[[rule]]\nid = 'b'\ntitle = 'T'\nseverity = 'note'\nevidence = 'e'\nbecause = 'b'\n"
      "when = 'false'\ntarget = { parameter = 'net.core.somaxconn', at_most = 10 }\n";

  const Audited result = audited_rules(rules, firing_host());

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(advice(result.report, "a") == Texts{"net.core.somaxconn 4096 -> 5000"});
}

TEST_CASE("audit: demands that no value meets are an error that names both sides") {
  const Audited result =
      audited({{"a", head("a") + "[targets]\n\"net.core.somaxconn\" = { at_least = 9000 }\n"},
               {"b", head("b") + "[targets]\n\"net.core.somaxconn\" = { at_most = 100 }\n"}},
              idle_host());

  CHECK(lines_of(result.diagnostics) ==
        Texts{"a.toml:4:1: no value of net.core.somaxconn meets every demand: "
              "target:net.core.somaxconn (a.toml:4:1) wants at least 9000; "
              "target:net.core.somaxconn (b.toml:4:1) wants at most 100 "
              "(choose fewer profiles, or change one of the demands)"});
}

TEST_CASE("audit: what is asked of another name of a variable counts as asked of it") {
  Snapshot host = idle_host();
  set(host, "net.ipv4.ip_forward", "1");
  set(host, "net.ipv4.conf.all.forwarding", "1");
  const Audited result =
      audited({{"a", head("a") + "[targets]\n\"net.ipv4.ip_forward\" = 1\n"},
               {"b", head("b") + "[targets]\n\"net.ipv4.conf.all.forwarding\" = 0\n"}},
              host);

  CHECK(lines_of(result.diagnostics) ==
        Texts{"b.toml:4:1: no value of net.ipv4.conf.all.forwarding meets every demand: "
              "target:net.ipv4.ip_forward (a.toml:4:1) wants of net.ipv4.ip_forward, another name "
              "of the same variable, exactly 1; target:net.ipv4.conf.all.forwarding (b.toml:4:1) "
              "wants exactly 0 (choose fewer profiles, or change one of the demands)"});
}

TEST_CASE("audit: a rate without a second sample makes a rule unknown and says what would help") {
  Snapshot snapshot = idle_host();
  snapshot.counters.interval_seconds = 0;
  const std::string rules =
      "[[rule]]\nid = 'r'\ntitle = 'T'\nseverity = 'note'\nevidence = 'e'\nbecause = 'b'\n"
      "remedy = 'x'\nwhen = 'tcp.listen_overflows_per_second > 0.0'\n";

  const Audited result = audited_rules(rules, snapshot);

  const Finding* finding = find_finding(result.report, "r");
  REQUIRE(finding);
  CHECK(finding->verdict == Verdict::kUnknown);
  CHECK(finding->missing == Texts{"rates need two samples: "
                                  "use --interval 1s or longer"});
}

TEST_CASE("audit: what is unknown does not matter where the other side decides") {
  Snapshot snapshot = firing_host();
  snapshot.counters.interval_seconds = 0;
  const std::string rules =
      "[[rule]]\nid = 'r'\ntitle = 'T'\nseverity = 'note'\nevidence = 'e'\nbecause = 'b'\n"
      "remedy = 'x'\n"
      "when = 'tcp.listen_overflows_per_second > 0.0 || sysctl.net.ipv4.tcp_fin_timeout < 60'\n";

  CHECK(verdict(audited_rules(rules, snapshot).report, "r") == Verdict::kViolated);
}

TEST_CASE("audit: a target that cannot be read is unknown and not silently fine") {
  Snapshot snapshot = idle_host();
  testing::set_unreadable(snapshot, "net.core.somaxconn");

  const Audited result = audited_targets("\"net.core.somaxconn\" = { at_least = 1 }\n", snapshot);

  const Finding* finding = find_finding(result.report, "target:net.core.somaxconn");
  REQUIRE(finding);
  CHECK(finding->verdict == Verdict::kUnknown);
  CHECK(finding->missing == Texts{"cannot read net.core.somaxconn"});
}

TEST_CASE("audit: a value that is not of its type is unknown, and is shown") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.core.somaxconn", "many");

  const Audited result = audited_targets("\"net.core.somaxconn\" = { at_least = 1 }\n", snapshot);

  CHECK(find_finding(result.report, "target:net.core.somaxconn")->missing ==
        Texts{"net.core.somaxconn reads \"many\", which is not understood"});
}

TEST_CASE("audit: a demand whose value cannot be computed is unknown") {
  Snapshot snapshot = idle_host();
  snapshot.host.memory_bytes.reset();

  const Audited result = audited_targets(
      "\"net.core.somaxconn\" = { at_least = 'host.memory_bytes / 262144' }\n", snapshot);

  CHECK(verdict(result.report, "target:net.core.somaxconn") == Verdict::kUnknown);
}

TEST_CASE("audit: a computed value that the parameter cannot have is never advised") {
  const Audited result =
      audited_targets("\"net.core.somaxconn\" = { at_least = 'host.memory_bytes' }\n", idle_host());

  CHECK(verdict(result.report, "target:net.core.somaxconn") == Verdict::kUnknown);
  CHECK(advice(result.report, "target:net.core.somaxconn").empty());
}

TEST_CASE(
    "audit: a number that is too large for a type stands in the advice as the kernel shows it") {
  Snapshot snapshot = idle_host();
  set(snapshot, "kernel.shmmax", "18446744073692774399");

  const Audited result = audited_targets("'kernel.shmmax' = 68719476736\n", snapshot);

  CHECK(advice(result.report, "target:kernel.shmmax") ==
        Texts{"kernel.shmmax 18446744073692774399 -> 68719476736"});
}

TEST_CASE("audit: a profile does not lower what an administrator raised") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.core.somaxconn", "65535");
  set(snapshot, "net.ipv4.ip_local_port_range", "1024 65535");

  const Audited result = audited_targets(
      "\"net.core.somaxconn\" = { at_least = 4096 }\n"
      "\"net.ipv4.ip_local_port_range\" = { covers = [15000, 60999] }\n",
      snapshot);

  CHECK(verdict(result.report, "target:net.core.somaxconn") == Verdict::kSatisfied);
  CHECK(verdict(result.report, "target:net.ipv4.ip_local_port_range") == Verdict::kSatisfied);
}

TEST_CASE("audit: a target says what is, what is wanted, and what the catalogue knows") {
  const Audited result =
      audited_targets("\"net.core.somaxconn\" = { at_least = 8192 }\n", idle_host());

  const Finding* finding = find_finding(result.report, "target:net.core.somaxconn");
  REQUIRE(finding);
  CHECK(finding->severity == Severity::kNote);
  CHECK(finding->evidence == "net.core.somaxconn is 4096, wanted is at least 8192");
  CHECK_FALSE(finding->because.empty());
  CHECK_FALSE(finding->reference.empty());
}

TEST_CASE("audit: a plain target brings along what it requires") {
  const Audited result = audited_targets(
      "\"net.ipv4.tcp_tw_reuse\" = { exactly = 1, "
      "requires = { \"net.core.somaxconn\" = { at_least = 5000 } } }\n",
      idle_host());

  CHECK(advice(result.report, "target:net.ipv4.tcp_tw_reuse") ==
        Texts{"first: net.core.somaxconn 4096 -> 5000", "net.ipv4.tcp_tw_reuse 2 -> 1"});
}

TEST_CASE("audit: no limit satisfies every demand for at least so much") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.tcp_max_tw_buckets", "-1");

  const Audited result =
      audited_targets("\"net.ipv4.tcp_max_tw_buckets\" = { at_least = 1000 }\n", snapshot);

  CHECK(verdict(result.report, "target:net.ipv4.tcp_max_tw_buckets") == Verdict::kSatisfied);
}

TEST_CASE("audit: a parameter outside the catalogue works, and the advice says so") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.tcp_odd", "3");

  const Audited result = audited_targets("\"net.ipv4.tcp_odd\" = { at_least = 7 }\n", snapshot);

  CHECK(advice(result.report, "target:net.ipv4.tcp_odd") == Texts{"net.ipv4.tcp_odd 3 -> 7"});
  CHECK_FALSE(
      find_finding(result.report, "target:net.ipv4.tcp_odd")->recommendations.at(0).in_catalogue);
}

TEST_CASE("audit: the worst comes first, then what is unknown, then what is fine") {
  Snapshot snapshot = firing_host();
  snapshot.counters.interval_seconds = 0;
  const std::string rules =
      rule("fine", "target = { parameter = 'net.core.somaxconn', at_least = 1 }") +
      rule("info", "", "info") + rule("note", "remedy = 'x'", "note") +
      rule("critical", "remedy = 'x'", "critical") + rule("warning", "remedy = 'x'") +
      "[[rule]]\nid = 'unknown'\ntitle = 'T'\nseverity = 'note'\nevidence = 'e'\nbecause = 'b'\n"
      "remedy = 'x'\nwhen = 'tcp.listen_overflows_per_second > 0.0'\n";

  Texts order;
  for (const Finding& finding : audited_rules(rules, snapshot).report.findings) {
    order.emplace_back(finding.rule);
  }

  CHECK(order == Texts{"critical", "warning", "note", "unknown", "info", "fine"});
}

TEST_CASE("audit: rules and targets are selected by id and by parameter") {
  const std::string rules =
      rule("churn", "remedy = 'x'") +
      rule("queue", "target = { parameter = 'net.core.somaxconn', at_least = 9000 }");
  const auto left = [&](const Texts& only, const Texts& skip) {
    const Catalogue catalogue = testing::shipped_catalogue();
    const TextProfiles source(
        {{"p", head("p") + "rules = 'g'\n[targets]\n\"net.ipv4.tcp_tw_reuse\" = 1\n"},
         {"rules/g", rules}});
    Diagnostics diagnostics;
    EffectiveProfile profile =
        resolve_profiles({"p"}, source, testing::knowledge(catalogue), diagnostics);
    select_rules(profile, only, skip);
    Texts names;
    for (const Rule& kept : profile.groups.at(0).group.rules) names.emplace_back(kept.id);
    for (const PlainTarget& plain : profile.targets)
      names.emplace_back(id_of_target(plain.target.parameter));
    return names;
  };

  CHECK(left({}, {}) == Texts{"churn", "queue", "target:net.ipv4.tcp_tw_reuse"});
  CHECK(left({"net.core.*"}, {}) == Texts{"queue"});
  CHECK(left({"ch*"}, {}) == Texts{"churn"});
  CHECK(left({"target:*"}, {}) == Texts{"target:net.ipv4.tcp_tw_reuse"});
  CHECK(left({}, {"*somaxconn", "*reuse"}) == Texts{"churn"});
  CHECK(left({"*"}, {"*"}).empty());
}

}  // namespace advisor::audit_test
