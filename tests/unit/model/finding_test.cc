#include "model/finding.h"

#include <doctest/doctest.h>

namespace advisor::finding_test {
namespace {

Finding finding(Verdict verdict, Severity severity = Severity::kNote) {
  Finding finding;
  finding.verdict = verdict;
  finding.severity = severity;
  return finding;
}

Finding suppressed(Verdict verdict) {
  Finding suppressed = finding(verdict);
  suppressed.suppressed = std::make_shared<const Suppression>();
  return suppressed;
}

}  // namespace

TEST_CASE("finding: each is counted once, and the counts add up") {
  const std::vector<Finding> findings{
      finding(Verdict::kViolated, Severity::kCritical),
      finding(Verdict::kViolated, Severity::kWarning),
      finding(Verdict::kViolated, Severity::kWarning),
      finding(Verdict::kViolated, Severity::kNote),
      finding(Verdict::kViolated, Severity::kInfo),
      finding(Verdict::kSatisfied),
      finding(Verdict::kUnknown),
      finding(Verdict::kNotApplicable),
      suppressed(Verdict::kViolated),
      suppressed(Verdict::kSatisfied),
      suppressed(Verdict::kUnknown),
  };

  const FindingCounts counts = counts_of(findings);

  CHECK(counts.of(Severity::kCritical) == 1);
  CHECK(counts.of(Severity::kWarning) == 2);
  CHECK(counts.of(Severity::kNote) == 1);
  CHECK(counts.of(Severity::kInfo) == 1);
  CHECK(counts.asking() == 4);
  CHECK(counts.satisfied == 1);
  CHECK(counts.unknown == 1);
  CHECK(counts.not_applicable == 1);
  CHECK(counts.suppressed == 3);
  CHECK(counts.total() == int64_t(findings.size()));
}

TEST_CASE("finding: those on the next boot are told by their ids") {
  for (const char* id :
       {"boot", "boot:net.a", "boot-lines-not-in-effect", "boot-lines-without-effect"}) {
    CHECK(is_id_of_boot(id));
  }
  CHECK_FALSE(is_id_of_boot("bootstrap"));
  CHECK_FALSE(is_id_of_boot("target:net.a"));
}

}  // namespace advisor::finding_test
