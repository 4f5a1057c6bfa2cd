#pragma once

#include <string>
#include <vector>

#include "model/fleet_report.h"

namespace advisor {

/// What reports on many hosts say in the same words, whatever their format.

/// "9 912 hosts: 9 300 ok, 500 partial, 112 failed".
std::string hosts_in_words(const FleetReport& report);
/// "12 critical, 800 with a warning, 4 000 with a note at worst, 5 076 with nothing asked".
std::string asked_in_words(const FleetReport::Counts& counts);
/// "something is asked of 4 812 of 9 800 hosts; 112 failed", or that nothing is.
std::string verdict_in_words(const FleetReport& report);
/// From when to when the lines are.
std::string taken_in_words(const FleetReport& report);
/// What is to be known of the lines and the hosts, a sentence each.
std::vector<std::string> fleet_remarks(const FleetReport& report);

/// "web-1, web-2 and 10 more".
std::string names_in_words(const std::vector<std::string>& names, size_t most);
std::string names_in_words(const std::vector<FleetHost>& hosts, size_t most);

/// "10.0.0.5:8080".
std::string destination_name(const FleetReport::Destination& to);
/// "1 234 ports in use by 812 hosts, 345 in TIME_WAIT; fullest is web-1 (97 %)".
std::string in_words(const FleetReport::Destination& to);
/// "3 critical, 2 warnings".
std::string findings_in_words(const FleetReport::WorstHost& worst);
/// "128 -> 4096 on 800 hosts".
std::string in_words(const FleetReport::Parameter& one);
std::string in_words(const FleetReport::Drift& drift);
/// "transaction 3 is provisional until 2026-11-30T07:22:00Z".
std::string in_words(const FleetReport::Pending& pending);
/// "the sentence (4 checks: a, b and 2 more)".
std::string in_words(const FleetReport::Unknown& unknown, size_t most_rules);
/// "the reason (web-1, web-2 and 10 more)".
std::string in_words(const FleetReport::Failure& failure, size_t most_names);
/// "baseline + web-server".
std::string profiles_in_words(const FleetReport::Profiles& profiles);
/// "new on 12 hosts: web-1 and 11 more; solved on 1 host: web-2".
std::string in_words(const FleetReport::Change& change, size_t most_names);
/// "audited: 3 hosts only now, 1 host only then", or that nothing changed; or empty.
std::string since_in_words(const FleetReport::Since& since);
/// What a group is called.
std::string group_name(const FleetReport::Group& group, FleetSplit split);
/// "330 hosts: 33 partial, 8 stale, 10 critical at worst, 320 with nothing asked".
std::string in_words(const FleetReport::Counts& counts);

}  // namespace advisor
