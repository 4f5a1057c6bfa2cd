#pragma once

#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/profile_set.h"

namespace advisor {

/// Holds a snapshot against a profile: one finding for each rule and each plain target, worst
/// first. Demands of several findings on one parameter are met together; demands that no value
/// can meet are an error in `diagnostics` that names both sides. What the advice as a whole would
/// break (the profile's guards) becomes an objection. Pure: the same arguments always give the
/// same report.
Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             const std::vector<Suppression>& suppressions, Diagnostics& diagnostics);

}  // namespace advisor
