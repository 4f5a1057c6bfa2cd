#pragma once

#include <set>
#include <vector>

#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/demands.h"

namespace advisor {

/// Holds a snapshot against a profile: one finding for each rule and each plain target, worst
/// first. Demands of several findings on one parameter are met together; demands that no value
/// can meet are an error in `diagnostics` that names both sides. What the advice as a whole would
/// break (the profile's guards) becomes an objection. Pure: the same arguments always give the
/// same report.
/// A parameter that cannot be set is left out, together with what requires it. Where the files of
/// the host give a parameter a value that meets every demand, that value is advised: the next boot
/// would have it without us, and a line of ours must not lower it. An audit without `around` tells
/// by asked_for() of which parameters both must be known.
Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             const std::vector<Suppression>& suppressions, Diagnostics& diagnostics,
             const Surroundings& around = {});

/// Puts what asks for something first, the worst of it at the top; then what is unknown. Alike ones
/// stay in their order.
void put_worst_first(std::vector<Finding>& findings);

/// The parameters that the findings want changed, or would if they could be set here.
std::set<ParameterName> asked_for(const Report& report);

}  // namespace advisor
