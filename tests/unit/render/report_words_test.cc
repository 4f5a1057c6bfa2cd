#include "render/report_words.h"

#include <doctest/doctest.h>

#include "support/reports.h"

namespace advisor::report_words_test {
namespace {

using testing::finding_of;

}  // namespace

TEST_CASE("report words: the summary counts what there is, each finding once") {
  Report report{{"baseline"}, testing::idle_host(), {}, {}};
  report.findings = {finding_of("a", Verdict::kViolated, Severity::kCritical),
                     finding_of("b", Verdict::kUnknown), finding_of("c", Verdict::kSatisfied)};
  CHECK(summary_line(report) == "1 critical finding; 1 check fine; 1 unknown");

  report.findings = {finding_of("a", Verdict::kSatisfied), finding_of("b", Verdict::kSatisfied)};
  CHECK(summary_line(report) == "nothing to change; 2 checks fine");

  report.findings[1].suppressed = std::make_shared<const Suppression>();
  CHECK(summary_line(report) == "nothing to change; 1 check fine; 1 suppressed");

  report.findings = {finding_of("a", Verdict::kViolated, Severity::kWarning),
                     finding_of("b", Verdict::kViolated, Severity::kWarning),
                     finding_of("c", Verdict::kViolated, Severity::kNote),
                     finding_of("d", Verdict::kViolated, Severity::kInfo)};
  CHECK(summary_line(report) == "2 warnings, 1 note; 1 to know; 0 checks fine");
}

TEST_CASE("report words: a source is a link where it is on the web, and runs nothing") {
  CHECK(address_of_source("https://docs.kernel.org/a.html") == "https://docs.kernel.org/a.html");
  CHECK(address_of_source("RFC 9293 section 3.8.4") == "https://www.rfc-editor.org/rfc/rfc9293");
  for (const char* none :
       {"net/ipv4/tcp.c", "javascript:alert(1)", "RFC \"><script>", "RFC ", ""}) {
    CHECK(address_of_source(none).empty());
  }
}

TEST_CASE("report words: the time is told in words where it is one") {
  Snapshot snapshot;
  snapshot.taken = "2026-11-22T22:01:56Z";
  CHECK(time_in_words(snapshot) == "2026-11-22 22:01:56 UTC");

  for (const char* other : {"", "yesterday", "Z"}) {
    snapshot.taken = other;
    CHECK(time_in_words(snapshot) == other);
  }
}

TEST_CASE("report words: a finding that missed several things stands under each of them") {
  Finding one = finding_of("one", Verdict::kUnknown), none = finding_of("none", Verdict::kUnknown);
  one.missing = {"a", "b"};

  const auto reasons = by_what_is_missing({&one, &none});

  CHECK(reasons.at("a") == std::vector<const Finding*>{&one});
  CHECK(reasons.at("b") == std::vector<const Finding*>{&one});
  CHECK(reasons.at("") == std::vector<const Finding*>{&none});
}

}  // namespace advisor::report_words_test
