#pragma once

#include <string>

#include "model/fleet_report.h"
#include "render/style.h"

namespace advisor {

/// The report on many hosts for a person: what is asked of how many, the worst, and what is not
/// known. Each list ends after `top` rows, or with -v after all that there are.
std::string text_fleet(const FleetReport& report, const TextStyle& style);

}  // namespace advisor
