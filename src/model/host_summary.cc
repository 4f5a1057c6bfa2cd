#include "model/host_summary.h"

namespace advisor {

const char* name_of(AuditState state) {
  switch (state) {
    case AuditState::kOk:
      return "ok";
    case AuditState::kPartial:
      return "partial";
    case AuditState::kFailed:
      break;
  }
  return "failed";
}

std::optional<int64_t> HostSummary::asks() const {
  return counts ? std::optional(counts->asking()) : std::nullopt;
}

std::optional<Severity> HostSummary::worst() const {
  return findings.empty() ? std::nullopt : std::optional(findings.front().severity);
}

}  // namespace advisor
