#include "render/finding_groups.h"

namespace advisor {

FindingGroups grouped(const Report& report) {
  FindingGroups groups;
  for (const Finding& finding : report.findings) {
    const bool of_boot = is_id_of_boot(finding.rule);
    if (finding.suppressed) {
      groups.suppressed.push_back(&finding);
      continue;
    }
    if (of_boot) groups.boot.push_back(&finding);
    switch (finding.verdict) {
      case Verdict::kViolated:
        if (!of_boot) groups.advice.push_back(&finding);
        break;
      case Verdict::kUnknown:
        groups.unknown.push_back(&finding);
        break;
      case Verdict::kSatisfied:
        if (!of_boot) groups.fine.push_back(&finding);
        break;
      case Verdict::kNotApplicable:
        if (!of_boot) groups.not_applicable.push_back(&finding);
        break;
    }
  }
  return groups;
}

}  // namespace advisor
