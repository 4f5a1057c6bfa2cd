#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/finding.h"
#include "model/plan.h"

namespace advisor {

/// What `apply` may do, decided by the administrator and never by a profile.
struct PlanPolicy {
  bool allow_one_way = false;
  bool run_time = true;  ///< the running kernel is to be changed, not only the next boot
  /// Parameters through which programs are run, that the configuration allows.
  std::set<ParameterName> code_allowed = {};
};

/// The changes that the findings of a report ask for, and the reasons, if any, why they must not be
/// made. A plan with refusals is not to be carried out. What cannot be set here is left out, and
/// the rest is carried out all the same.
struct PlanningOutcome {
  std::vector<Change> changes;        ///< what others require comes before them
  std::vector<LeftOut> left_out;      ///< each parameter once
  std::vector<std::string> refusals;  ///< a sentence each
};

PlanningOutcome plan_changes(const Report& report, const Catalogue& catalogue,
                             const PlanPolicy& policy);

}  // namespace advisor
