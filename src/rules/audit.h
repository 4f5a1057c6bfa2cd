#pragma once

#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/profile_set.h"

namespace advisor {

/// Holds a snapshot against a profile: one finding for each rule and each plain target, worst
/// first. Demands of several findings on one parameter are met together; demands that no value
/// can meet are an error in `diagnostics` that names both sides. Pure: the same profile and
/// snapshot always give the same report.
Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             Diagnostics& diagnostics);

}  // namespace advisor
