#pragma once

#include <set>
#include <string>
#include <vector>

#include "load/profile.h"

namespace advisor {

/// The parameters that a rule or target is about: those that its condition names, and those that
/// it would change or requires.
std::set<ParameterName> subjects_of(const Rule& rule);
std::set<ParameterName> subjects_of(const PlainTarget& plain);

/// Every name that the expressions of a rule or target speak of; one may come more than once.
std::vector<std::string> names_of(const Rule& rule);
std::vector<std::string> names_of(const PlainTarget& plain);

}  // namespace advisor
