#pragma once

#include <string>

#include "model/fleet_report.h"

namespace advisor {

/// The report on many hosts as a page. Its size does not grow with the hosts: each list ends after
/// `top` rows, and says how many more there are. `version` is that of the program.
std::string html_fleet(const FleetReport& report, const std::string& version);

}  // namespace advisor
