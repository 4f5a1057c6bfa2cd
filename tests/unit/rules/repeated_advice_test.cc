#include "rules/repeated_advice.h"

#include <doctest/doctest.h>

#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::repeated_advice_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using testing::set;

constexpr const char* kEth0 = "net.ipv4.conf.eth0.accept_redirects";
constexpr const char* kSecure0 = "net.ipv4.conf.eth0.secure_redirects";
constexpr const char* kSecure1 = "net.ipv4.conf.eth1.secure_redirects";
constexpr const char* kEth1 = "net.ipv4.conf.eth1.accept_redirects";

/// A host of two interfaces whose profile wants no redirects anywhere, and what `more` says.
Report audited(const std::string& eth0, const std::string& eth1, const std::string& more = "") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const testing::TextProfiles source(
      {{"p",
        "name = 'p'\nsummary = 's'\n[targets]\n'net.ipv4.conf.*.accept_redirects' = 0\n" + more}});
  Snapshot host = idle_host();
  set(host, kEth0, eth0);
  set(host, kEth1, eth1);
  set(host, kSecure0, "1");
  set(host, kSecure1, "1");
  set(host, "net.ipv4.ip_forward", "0");
  Diagnostics diagnostics;
  ParameterKnowledge known = testing::knowledge(catalogue);
  known.matching = [](const ParameterName& pattern) {
    const bool secure = pattern.dotted().ends_with("secure_redirects");
    return secure ? std::vector{testing::name(kSecure0), testing::name(kSecure1)}
                  : std::vector{testing::name(kEth0), testing::name(kEth1)};
  };
  const EffectiveProfile profile = resolve_profiles({"p"}, source, known, diagnostics);
  Report report = audit(profile, catalogue, std::move(host), {}, diagnostics);
  REQUIRE(lines_of(diagnostics).empty());
  join_families(report.findings, profile);
  return report;
}

}  // namespace

TEST_CASE("audit: what is wanted of each interface is one finding") {
  const Report report = audited("1", "1");

  const Finding* finding = find_finding(report, "target:net.ipv4.conf.*.accept_redirects");
  REQUIRE(finding);
  CHECK(finding->recommendations.size() == 2);
  CHECK(finding->evidence ==
        "net.ipv4.conf.eth0.accept_redirects is 1, wanted is exactly 0; 1 more of the family "
        "likewise");
  CHECK(find_finding(report, "target:net.ipv4.conf.eth1.accept_redirects") == nullptr);
}

TEST_CASE("audit: an interface that is in order is no part of the family's finding") {
  const Report report = audited("0", "1");

  const Finding* finding = find_finding(report, "target:net.ipv4.conf.*.accept_redirects");
  REQUIRE(finding);
  REQUIRE(finding->recommendations.size() == 1);
  CHECK(finding->recommendations[0].parameter.dotted() == kEth1);
  CHECK(finding->evidence == "net.ipv4.conf.eth1.accept_redirects is 1, wanted is exactly 0");
}

TEST_CASE("audit: an interface that the profile names itself has a finding of its own") {
  const Report report = audited("1", "1", "'net.ipv4.conf.eth1.accept_redirects' = 0\n");

  CHECK(find_finding(report, "target:net.ipv4.conf.eth1.accept_redirects"));
  CHECK(find_finding(report, "target:net.ipv4.conf.*.accept_redirects")->recommendations.size() ==
        1);
}

TEST_CASE("audit: what the members of a family require is asked for once") {
  const Report report = audited("1", "1",
                                "'net.ipv4.conf.*.secure_redirects' = { exactly = 0, requires = { "
                                "'net.ipv4.ip_forward' = { exactly = 1 } } }\n");

  const Finding* finding = find_finding(report, "target:net.ipv4.conf.*.secure_redirects");
  REQUIRE(finding);
  CHECK(finding->recommendations.size() == 3);
  CHECK(finding->evidence.ends_with("; 1 more of the family likewise"));
}

}  // namespace advisor::repeated_advice_test
