#pragma once

#include <string>

#include "base/json.h"
#include "model/comparison.h"

namespace advisor {

inline constexpr const char* kReportSchema = "sysctl-advisor/audit/3";

/// What a document that `audit --format json` wrote says, as far as it can be compared. Corrupt,
/// with `name` and the place in the document, if that is not of the form that the schema has.
Result<ComparedHost> report_of(const std::string& name, const Json& document);

}  // namespace advisor
