#pragma once

#include <string>
#include <vector>

#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/finding.h"

namespace advisor {

/// A sentence for each guard that holds on this host and that all the advice of the report, carried
/// out, would break. Afterwards the report is as it was.
std::vector<std::string> objections(Report& report, const std::vector<ActiveGroup>& guards,
                                    const Catalogue& catalogue);

/// Where the advice as a whole would break a guard, changes what is advised already to what the
/// guard asks for on the planned host: more buckets for the more connections that a file asks for.
/// Advice that a file gives stays.
void meet_guards(Report& report, const std::vector<ActiveGroup>& guards,
                 const Catalogue& catalogue);

}  // namespace advisor
