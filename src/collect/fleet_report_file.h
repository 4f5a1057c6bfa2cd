#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "model/fleet_report.h"

namespace advisor {

/// What `report --format json` wrote, as far as a later report is compared with it. `name` is for
/// messages.
Result<EarlierFleet> earlier_fleet_of(const std::string& name, const Json& document);

}  // namespace advisor
