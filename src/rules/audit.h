#pragma once

#include <functional>
#include <vector>

#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/demands.h"
#include "rules/left_out.h"
#include "rules/profile_set.h"

namespace advisor {

/// Holds a snapshot against a profile: one finding for each rule and each plain target, worst
/// first. Demands of several findings on one parameter are met together; demands that no value
/// can meet are an error in `diagnostics` that names both sides. What the advice as a whole would
/// break (the profile's guards) becomes an objection. Pure: the same arguments always give the
/// same report. The socket table may be added when all is judged that does not speak of it, since
/// it takes the kernel long to read.
/// What cannot be set, by `why_not_settable`, is not asked for, and neither is what requires it.
/// What `at_boot` says that the files of the host give a parameter is what is advised where it
/// meets every demand: no line of ours need say it, and none must undercut it.
Report audit(const EffectiveProfile& profile, const Catalogue& catalogue, Snapshot snapshot,
             const std::vector<Suppression>& suppressions, Diagnostics& diagnostics,
             const std::function<void(Snapshot&)>& add_sockets = nullptr,
             const WhyNotSettable& why_not_settable = nullptr,
             const ValuesAtBoot& at_boot = nullptr);

}  // namespace advisor
