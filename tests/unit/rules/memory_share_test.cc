#include "rules/memory_share.h"

#include <doctest/doctest.h>

#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::memory_share_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using testing::set;

constexpr int64_t kMiB = int64_t{1} << 20;

std::string rule(const std::string& id, const std::string& severity, const std::string& target) {
  return "[[rule]]\nid = '" + id + "'\ntitle = 'T'\nseverity = '" + severity +
         "'\nevidence = 'e'\nbecause = 'b'\nwhen = 'true'\ntarget = " + target + "\n";
}

/// 100,000 more TIME_WAIT rows take 24 MiB, 100,000 more neighbours 49.
const std::string kTimeWait =
    rule("rows", "warning", "{ parameter = 'net.ipv4.tcp_max_tw_buckets', at_least = 101000 }");
const std::string kNeighbours = rule(
    "neighbours", "note", "{ parameter = 'net.ipv4.neigh.default.gc_thresh3', at_least = 101000 }");

/// What is said of a host with 1000 of each, and with that much memory of which 5 % may be taken.
Report audited(const std::string& rules, int64_t memory_bytes, const std::string& targets = "") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const testing::TextProfiles source(
      {{"p", "name = 'p'\nsummary = 's'\nrules = 'g'\n" + targets},
       {"rules/g", "[options]\nmemory_share = { default = 0.05, meaning = 'm' }\n" + rules}});
  Diagnostics diagnostics;
  const EffectiveProfile profile =
      resolve_profiles({"p"}, source, testing::knowledge(catalogue), diagnostics);
  Snapshot host = idle_host();
  host.host.memory_bytes = memory_bytes;
  set(host, "net.ipv4.tcp_max_tw_buckets", "1000");
  set(host, "net.ipv4.neigh.default.gc_thresh3", "1000");
  Report report = audit(profile, catalogue, std::move(host), {}, diagnostics);
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

size_t advised(const Report& report, const std::string& id) {
  const Finding* finding = find_finding(report, id);
  REQUIRE(finding);
  return finding->recommendations.size();
}

}  // namespace

TEST_CASE("memory share: what all advice together can take is told") {
  const Report report = audited(kTimeWait + kNeighbours, 4096 * kMiB);

  CHECK(report.advice_memory_bytes == 100000 * (256 + 512));
  CHECK(advised(report, "rows") == 1);
  CHECK(advised(report, "neighbours") == 1);
}

TEST_CASE(
    "memory share: the memory goes to the worst finding, and the other says why it has none") {
  const Report report = audited(kNeighbours + kTimeWait, 1024 * kMiB);

  CHECK(advised(report, "rows") == 1);
  CHECK(advised(report, "neighbours") == 0);
  CHECK(report.advice_memory_bytes == 100000 * 256);
  const Finding* cut = find_finding(report, "neighbours");
  CHECK(cut->verdict == Verdict::kViolated);
  REQUIRE(cut->left_out.size() == 1);
  CHECK(
      cut->left_out[0].reason ==
      "all advice together would let the kernel hold 73.2 MiB more, and 5 % of the memory is what "
      "it may take (option memory_share)");
}

TEST_CASE("memory share: a parameter that two findings ask for is counted once") {
  const std::string again =
      rule("again", "note", "{ parameter = 'net.ipv4.tcp_max_tw_buckets', at_least = 101000 }");

  const Report report = audited(kTimeWait + again, 4096 * kMiB);

  CHECK(report.advice_memory_bytes == 100000 * 256);
}

TEST_CASE("memory share: a parameter that is lowered takes none") {
  const std::string lower =
      rule("lower", "note", "{ parameter = 'net.ipv4.tcp_max_tw_buckets', at_most = 500 }");

  CHECK(audited(lower, 1024 * kMiB).advice_memory_bytes == 0);
}

TEST_CASE("memory share: a finding has room for all that it asks for, or for nothing") {
  const std::string both = rule("both", "note",
                                "[{ parameter = 'net.ipv4.tcp_max_tw_buckets', at_least = 1001 }, "
                                "{ parameter = 'net.ipv4.neigh.default.gc_thresh3', at_least = "
                                "501000 }]");

  const Report report = audited(both, 1024 * kMiB);

  CHECK(advised(report, "both") == 0);
  CHECK(find_finding(report, "both")->left_out.size() == 2);
  CHECK(report.advice_memory_bytes == 0);
}

TEST_CASE("memory share: what --set asks for is counted and not cut") {
  const testing::TextProfiles source({{"p", std::string("name = 'p'\nsummary = 's'\n")}});
  Report report{{"p"}, idle_host(), {}, {}};
  report.snapshot.host.memory_bytes = 1024 * kMiB;
  Finding finding;
  finding.profile = "--set";
  Recommendation wanted;
  wanted.parameter = testing::name("net.ipv4.tcp_max_tw_buckets");
  wanted.now = testing::value("1000");
  wanted.advised = testing::value("10001000");
  finding.recommendations = {wanted};
  report.findings = {finding};
  EffectiveProfile profile;
  profile.groups.emplace_back().options["memory_share"] = 0.05;

  const MemoryOfAdvice memory = share_memory(report, profile, testing::shipped_catalogue());

  CHECK(memory.beyond.empty());
  CHECK(memory.bytes == int64_t{10'000'000} * 256);
}

}  // namespace advisor::memory_share_test
