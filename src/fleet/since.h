#pragma once

#include "fleet/host_rows.h"
#include "model/fleet_report.h"

namespace advisor {

/// What became of each rule since an earlier report, worst first; rules of which nothing changed
/// are left out. A host that failed, is missing, or cannot judge the rule now has not solved it.
FleetReport::Since changes_since(const EarlierFleet& earlier, const HostRows& rows,
                                 const FleetReport& report);

}  // namespace advisor
