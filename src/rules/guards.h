#pragma once

#include <string>
#include <vector>

#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/finding.h"

namespace advisor {

/// A sentence for each guard that holds on this host and would not with all the advice of the
/// report carried out. The report is as it was afterwards.
std::vector<std::string> objections(Report& report, const std::vector<ActiveGroup>& guards,
                                    const Catalogue& catalogue);

/// Where the advice as a whole would break a guard, changes what is advised already, of what files
/// do not give, to what the guard asks for on the host as it is planned: more buckets for the more
/// connections that a file asks for.
void meet_guards(Report& report, const std::vector<ActiveGroup>& guards,
                 const Catalogue& catalogue);

}  // namespace advisor
