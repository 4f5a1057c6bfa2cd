#include "rules/comparison.h"

#include <doctest/doctest.h>

#include <tuple>

#include "support/builders.h"

namespace advisor::comparison_test {
namespace {

using testing::Lines;
using testing::name;
using testing::value;

/// A host on which nothing is wrong, at one minute past ten.
ComparedHost host_of(const std::string& file, const std::string& taken = "2026-11-22T10:01:00Z") {
  ComparedHost host;
  host.file = file;
  host.report.profiles = {"baseline"};
  host.report.snapshot = testing::idle_host();
  host.report.snapshot.taken = taken;
  return host;
}

struct Pair {
  ComparedHost before = host_of("a.json");
  ComparedHost after = host_of("b.json", "2026-11-22T10:41:00Z");

  Snapshot& was() { return before.report.snapshot; }
  Snapshot& is() { return after.report.snapshot; }
  Comparison compared() const { return compare(before, after, testing::shipped_catalogue()); }
};

std::string text_of(const std::optional<ParameterValue>& one) {
  return one ? one->text() : "-";
}

Lines parameters_of(const Comparison& comparison) {
  Lines lines;
  for (const ComparedParameter& one : comparison.parameters) {
    lines.push_back(std::string(one.name.dotted()) + " " + name_of(one.change) + ": " +
                    text_of(one.before) + " -> " + text_of(one.after) +
                    (one.counts() ? "" : " with " + one.along_with));
  }
  return lines;
}

Finding violated(const std::string& rule, Severity severity, const std::string& evidence = "seen") {
  Finding finding;
  finding.rule = rule;
  finding.title = "Title of " + rule;
  finding.verdict = Verdict::kViolated;
  finding.severity = severity;
  finding.evidence = evidence;
  return finding;
}

Finding with(Finding finding, Verdict verdict) {
  finding.verdict = verdict;
  return finding;
}

Finding advising(Finding finding, std::string_view parameter, std::string_view advised) {
  Recommendation& wanted = finding.recommendations.emplace_back();
  wanted.parameter = name(parameter);
  wanted.advised = value(advised);
  return finding;
}

Lines findings_of(const Comparison& comparison) {
  Lines lines;
  for (const ComparedFinding& one : comparison.findings) {
    lines.push_back(std::string(one.rule) + " " + name_of(one.change) +
                    (one.counts() ? "" : ", which does not count"));
  }
  return lines;
}

Comparison compared_findings(std::vector<Finding> before, std::vector<Finding> after) {
  Pair pair;
  pair.before.report.findings = std::move(before);
  pair.after.report.findings = std::move(after);
  return pair.compared();
}

}  // namespace

TEST_CASE("comparison: the same host twice differs in nothing, and says that it was read once") {
  Pair pair;
  pair.after = pair.before;

  const Comparison comparison = pair.compared();

  CHECK_FALSE(comparison.differs());
  CHECK(comparison.same_parameters == int64_t(pair.was().parameters.size()));
  CHECK(comparison.seconds_between == 0);
  CHECK(comparison.notes.back() ==
        "both say the same, and were taken at the same time: is one the wrong file?");
}

TEST_CASE("comparison: what means the same is the same, however it is written") {
  for (const auto& [parameter, before, after] : {
           std::tuple("net.ipv4.tcp_rmem", "4096\t131072\t6291456", "4096 131072 6291456"),
           std::tuple("kernel.sysrq", "0x1f", "31"),
           std::tuple("net.ipv4.ip_local_reserved_ports", "8081,8080,9000-9001",
                      "8080-8081,9000,9001"),
           std::tuple("net.nobody.knows", "a\tb", "a b"),
       }) {
    CAPTURE(parameter);
    Pair pair;
    testing::set(pair.was(), parameter, before);
    testing::set(pair.is(), parameter, after);

    CHECK(parameters_of(pair.compared()) == Lines{});
  }
}

TEST_CASE("comparison: what means something else is told with both values") {
  Pair pair;
  testing::set(pair.is(), "net.core.somaxconn", "128");
  testing::set(pair.was(), "kernel.sysrq", "31");
  testing::set(pair.is(), "kernel.sysrq", "0x1e");
  testing::set(pair.is(), "net.ipv4.ip_local_reserved_ports", "8080");
  testing::set(pair.was(), "net.nobody.knows", "010");
  testing::set(pair.is(), "net.nobody.knows", "8");

  const Comparison comparison = pair.compared();

  CHECK(parameters_of(comparison) == Lines{"kernel.sysrq changed: 31 -> 0x1e",
                                           "net.core.somaxconn changed: 4096 -> 128",
                                           "net.ipv4.ip_local_reserved_ports changed:  -> 8080",
                                           "net.nobody.knows changed: 010 -> 8"});
  CHECK(comparison.differs());
}

TEST_CASE("comparison: what the kernel computes by itself comes behind what somebody set") {
  Pair pair;
  for (const char* parameter : {"fs.file-max", "net.ipv4.tcp_mem", "vm.swappiness"}) {
    testing::set(pair.was(), parameter, "10");
    testing::set(pair.is(), parameter, "20");
  }

  CHECK(parameters_of(pair.compared()) == Lines{"vm.swappiness changed: 10 -> 20",
                                                "fs.file-max changed: 10 -> 20",
                                                "net.ipv4.tcp_mem changed: 10 -> 20"});
}

TEST_CASE("comparison: what one of the two could not read is never taken for equal") {
  Pair pair;
  testing::set_unreadable(pair.is(), "net.core.somaxconn");
  testing::set_unreadable(pair.was(), "net.ipv4.tcp_tw_reuse");
  for (Snapshot* side : {&pair.was(), &pair.is()}) {
    testing::set_unreadable(*side, "vm.mmap_rnd_bits");
    testing::set_unreadable(*side, "vm.drop_caches");  // nobody ever can
  }

  const Comparison comparison = pair.compared();

  CHECK(parameters_of(comparison) == Lines{"net.core.somaxconn unreadable: 4096 -> -",
                                           "net.ipv4.tcp_tw_reuse readable: - -> 2"});
  CHECK(comparison.parameters[0].unread == "cannot read net.core.somaxconn");
  CHECK(comparison.unread_parameters == 1);
  CHECK(comparison.differs());
}

TEST_CASE("comparison: a parameter is new or gone only where the kernel lacked or lacks it") {
  Pair pair;
  testing::set_absent(pair.was(), "net.netfilter.nf_conntrack_max");
  testing::set(pair.is(), "net.netfilter.nf_conntrack_max", "65536");
  testing::set(pair.was(), "kernel.sched_child_runs_first", "0");
  testing::set_absent(pair.is(), "kernel.sched_child_runs_first");
  testing::set_absent(pair.was(), "vm.mmap_rnd_bits");
  testing::set_unreadable(pair.is(), "vm.mmap_rnd_bits");
  testing::set(pair.is(), "vm.swappiness", "60");  // nobody asked for it before
  testing::set_absent(pair.is(), "vm.swapiness");  // nor for this, and it is nowhere

  const Comparison comparison = pair.compared();

  CHECK(parameters_of(comparison) == Lines{"net.netfilter.nf_conntrack_max new: - -> 65536",
                                           "vm.mmap_rnd_bits new: - -> -",
                                           "kernel.sched_child_runs_first gone: 0 -> -"});
  CHECK(comparison.unasked_parameters == 1);
}

TEST_CASE("comparison: what comes and goes with an interface is told, and does not count") {
  Pair pair;
  testing::set(pair.was(), "net.ipv4.conf.lo.rp_filter", "0");
  testing::set(pair.is(), "net.ipv4.conf.lo.rp_filter", "0");
  testing::set(pair.was(), "net.ipv4.conf.veth1.rp_filter", "1");
  testing::set(pair.is(), "net.ipv4.conf.veth2.rp_filter", "1");
  testing::set(pair.is(), "net.ipv4.conf.veth2.log_martians", "1");  // of none before

  const Comparison comparison = pair.compared();

  CHECK(parameters_of(comparison) ==
        Lines{"net.ipv4.conf.veth2.rp_filter new: - -> 1 with net.ipv4.conf.veth2.*",
              "net.ipv4.conf.veth1.rp_filter gone: 1 -> - with net.ipv4.conf.veth1.*"});
  CHECK(comparison.unasked_parameters == 1);
  CHECK_FALSE(comparison.differs());
}

TEST_CASE("comparison: what nobody sets is no setting") {
  Pair pair;
  for (const char* parameter : {"fs.file-nr", "kernel.random.uuid", "kernel.hostname",
                                "kernel.ns_last_pid", "fs.quota.lookups"}) {
    testing::set(pair.was(), parameter, "1");
    testing::set(pair.is(), parameter, "900");
  }
  testing::set(pair.was(), "net.ipv4.tcp_available_congestion_control", "reno cubic");
  testing::set(pair.is(), "net.ipv4.tcp_available_congestion_control", "reno cubic bbr");

  CHECK(parameters_of(pair.compared()) ==
        Lines{"net.ipv4.tcp_available_congestion_control changed: reno cubic -> reno cubic bbr"});
}

TEST_CASE("comparison: which hosts and boots they are of is told") {
  Pair pair;
  testing::set(pair.was(), kBootId, "one");
  testing::set(pair.is(), kBootId, "one");
  CHECK(pair.compared().notes.empty());
  CHECK(pair.compared().seconds_between == 2400);
  CHECK(pair.compared().restarted == false);

  testing::set(pair.is(), kBootId, "two");
  pair.is().host.kernel = "6.12.9";
  CHECK(pair.compared().notes ==
        std::vector<std::string>{"another kernel: 6.1.0-40-amd64 and 6.12.9",
                                 "the host was restarted between"});

  pair.is().host.name = "other";
  CHECK(pair.compared().notes ==
        std::vector<std::string>{"another host: host (6.1.0-40-amd64) and other (6.12.9)"});
  CHECK_FALSE(pair.compared().restarted);
}

TEST_CASE("comparison: the older one that comes second, and a time that is none, are told") {
  Pair pair;
  std::swap(pair.was().taken, pair.is().taken);
  CHECK(pair.compared().seconds_between == -2400);
  CHECK(pair.compared().notes ==
        std::vector<std::string>{
            "b.json is the older one: what is told as new was there before, and is gone"});

  for (const char* none : {"", "yesterday", "2026-13-22T10:01:00Z", "2026-02-30T10:01:00Z",
                           "2026-11-22T10:01:00", "-999999999999999999Z"}) {
    CAPTURE(none);
    pair.was().taken = none;
    CHECK_FALSE(pair.compared().seconds_between);
    CHECK(pair.compared().notes ==
          std::vector<std::string>{"one of the two does not say when it was taken"});
  }
}

TEST_CASE("comparison: of anonymized hosts it is not known which they are") {
  Pair pair;
  pair.before.anonymized = true;
  CHECK_FALSE(pair.compared().same_host);
  CHECK(pair.compared().notes[0].starts_with("a.json is anonymized: whether both are of one host"));
  pair.after.anonymized = true;
  CHECK(pair.compared().notes[0].starts_with(
      "both are anonymized, each with addresses of its own: whether"));
}

TEST_CASE("comparison: findings are new, gone, changed, or only put in other numbers") {
  const Finding full = advising(violated("full", Severity::kWarning), "net.core.somaxconn", "4096");
  const Finding hint = violated("hint", Severity::kInfo);

  CHECK(findings_of(compared_findings({full}, {full})) == Lines{});
  CHECK(findings_of(compared_findings({}, {full})) == Lines{"full new"});
  CHECK(findings_of(compared_findings({full}, {with(full, Verdict::kSatisfied)})) ==
        Lines{"full gone"});
  CHECK(findings_of(compared_findings({full}, {advising(violated("full", Severity::kCritical),
                                                        "net.core.somaxconn", "4096")})) ==
        Lines{"full changed"});
  CHECK(findings_of(compared_findings({full}, {advising(violated("full", Severity::kWarning),
                                                        "net.core.somaxconn", "8192")})) ==
        Lines{"full changed"});
  CHECK(findings_of(compared_findings(
            {full}, {advising(violated("full", Severity::kWarning, "much"), "net.core.somaxconn",
                              "0x1000")})) == Lines{"full evidence, which does not count"});
  CHECK(findings_of(compared_findings({hint}, {})) == Lines{"hint gone, which does not count"});
}

TEST_CASE("comparison: a finding that cannot be judged now is not gone") {
  const Finding full = violated("full", Severity::kWarning);

  const Comparison comparison = compared_findings(
      {full, with(violated("rate", Severity::kNote), Verdict::kSatisfied)},
      {with(full, Verdict::kUnknown), with(violated("rate", Severity::kNote), Verdict::kUnknown)});

  CHECK(findings_of(comparison) == Lines{"full untold"});
  CHECK(comparison.unknown_after == 1);
  CHECK(comparison.unknown_before == 0);
  CHECK(comparison.differs());
}

TEST_CASE("comparison: what another profile does not ask for is not gone either") {
  Pair pair;
  pair.before.report.findings = {violated("full", Severity::kWarning),
                                 violated("boot:vm.swappiness", Severity::kNote)};
  pair.after.report.profiles = {"hardened", "router"};

  const Comparison comparison = pair.compared();

  CHECK(findings_of(comparison) == Lines{"full untold", "boot:vm.swappiness gone"});
  CHECK(comparison.notes ==
        std::vector<std::string>{
            "a.json is a report by the profile baseline, and b.json by hardened + router: what "
            "one of them does not ask for is not known there"});
}

TEST_CASE("comparison: a finding that was suppressed since is gone, and stays out of it before") {
  Finding quiet = violated("full", Severity::kWarning);
  quiet.suppressed = std::make_shared<Suppression>();

  CHECK(findings_of(compared_findings({violated("full", Severity::kWarning)}, {quiet})) ==
        Lines{"full gone"});
  CHECK(findings_of(compared_findings({quiet}, {quiet})) == Lines{});
}

TEST_CASE("comparison: the worst that counts comes first") {
  CHECK(findings_of(compared_findings(
            {violated("a", Severity::kNote), violated("b", Severity::kCritical, "1")},
            {violated("b", Severity::kCritical, "2"), violated("c", Severity::kWarning),
             violated("d", Severity::kInfo)})) == Lines{"c new", "a gone",
                                                        "b evidence, which does not count",
                                                        "d new, which does not count"});
}

}  // namespace advisor::comparison_test
