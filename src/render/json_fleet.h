#pragma once

#include <string>

#include "base/json.h"
#include "model/fleet_report.h"

namespace advisor {

/// Schema "sysctl-advisor/report/1": lists with fixed members. `version` is that of the program.
Json json_fleet(const FleetReport& report, const std::string& version);

}  // namespace advisor
