#include "model/finding.h"

#include <numeric>

namespace advisor {
namespace {

constexpr std::string_view kTargetPrefix = "target:";

}  // namespace

RuleId id_of_target(const ParameterName& parameter) {
  return std::string(kTargetPrefix).append(parameter.dotted());
}

RuleId id_of_boot(const ParameterName& parameter) {
  return std::string(kBootPrefix).append(parameter.dotted());
}

bool is_id_of_target(std::string_view id) {
  return id.starts_with(kTargetPrefix);
}

bool is_id_of_boot(std::string_view id) {
  return id == kBoot || id == kLinesNotInEffect || id == kLinesWithoutEffect ||
         id.starts_with(kBootPrefix);
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSatisfied:
      return "satisfied";
    case Verdict::kViolated:
      return "violated";
    case Verdict::kNotApplicable:
      return "not-applicable";
    case Verdict::kUnknown:
      break;
  }
  return "unknown";
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kCritical:
      break;
  }
  return "critical";
}

std::string in_words(const LeftOut& left_out) {
  // The reason names what is not there.
  if (!left_out.advised) return left_out.reason;
  return std::string(left_out.parameter.dotted()) + " = " + left_out.advised->text() + ": " +
         left_out.reason;
}

std::optional<Verdict> parse_verdict(const std::string& text) {
  for (const Verdict verdict :
       {Verdict::kSatisfied, Verdict::kViolated, Verdict::kNotApplicable, Verdict::kUnknown}) {
    if (text == name_of(verdict)) return verdict;
  }
  return std::nullopt;
}

std::optional<Severity> parse_severity(const std::string& text) {
  for (const Severity severity :
       {Severity::kInfo, Severity::kNote, Severity::kWarning, Severity::kCritical}) {
    if (text == name_of(severity)) return severity;
  }
  return std::nullopt;
}

int64_t FindingCounts::asking() const {
  return of(Severity::kNote) + of(Severity::kWarning) + of(Severity::kCritical);
}

int64_t FindingCounts::total() const {
  return std::accumulate(violated.begin(), violated.end(),
                         satisfied + unknown + not_applicable + suppressed);
}

FindingCounts counts_of(const std::vector<Finding>& findings) {
  FindingCounts counts;
  for (const Finding& finding : findings) {
    if (finding.suppressed) {
      ++counts.suppressed;
      continue;
    }
    switch (finding.verdict) {
      case Verdict::kViolated:
        ++counts.violated[size_t(finding.severity)];
        break;
      case Verdict::kSatisfied:
        ++counts.satisfied;
        break;
      case Verdict::kUnknown:
        ++counts.unknown;
        break;
      case Verdict::kNotApplicable:
        ++counts.not_applicable;
        break;
    }
  }
  return counts;
}

}  // namespace advisor
