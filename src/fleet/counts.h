#pragma once

#include "fleet/host_rows.h"
#include "model/fleet_report.h"

// Each fills a part of a report on the hosts of which there are rows.

namespace advisor {

/// How many hosts there are of each kind, as a whole and split; what programs and profiles they
/// have.
void count_hosts(const HostRows& rows, const FleetQuestion& question, FleetReport& report);

/// Hosts that failed, are missing, stale, from the future, there twice, or share an id.
void count_unusual_hosts(const HostRows& rows, const FleetQuestion& question, FleetReport& report);

/// What is asked, of how many hosts; the parameters that are to be changed; the worst hosts.
void count_findings(const HostRows& rows, const FleetQuestion& question, FleetReport& report);

/// What could not be judged, by what was missing.
void count_unknown(const HostRows& rows, FleetReport& report);

/// The ports in use towards each destination, of all hosts together.
void count_destinations(const HostRows& rows, const FleetQuestion& question, FleetReport& report);

/// Transactions that stand or wait, and what does not stand as they set it.
void count_applied(const HostRows& rows, FleetReport& report);

/// What the next boot loses, and does not carry out.
void count_boot(const HostRows& rows, FleetReport& report);

/// Whether a line of that time is stale.
bool is_stale(const HostRow& row, const FleetQuestion& question);

}  // namespace advisor
