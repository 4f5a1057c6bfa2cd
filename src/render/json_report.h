#pragma once

#include "base/json.h"
#include "model/finding.h"
#include "model/plan.h"

namespace advisor {

/// The report as schema "sysctl-advisor/audit/3", with the `version` of the program that makes it.
/// Values of parameters that are secrets are left out.
Json json_report(const Report& report, const Catalogue& catalogue, const char* version,
                 Detail detail = Detail::kAll);

/// How many findings there are of each kind.
Json json_counts(const FindingCounts& counts);

/// One of its findings.
Json json_finding(const Finding& finding, Detail detail = Detail::kAll);

/// What an expression looked at.
Json json_observed(const std::vector<Observed>& observed);

/// A list of changes as every schema writes it.
Json json_changes(const std::vector<Change>& changes);

/// What cannot be set here, and the finding that asks for it.
Json json_left_out(const std::vector<LeftOut>& left_out);

/// What moved along with the changes of a plan, or is put right after them.
Json json_moved(const Plan& plan);

/// A changed file, or null.
Json json_file_change(const std::optional<FileChange>& change);

}  // namespace advisor
