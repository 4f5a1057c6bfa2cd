#pragma once

#include <string>

#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/host_summary.h"

namespace advisor {

/// Adds which host it is.
HostSummary::Identity identity_of(const Host& host, HostSummary::Identity known);

/// What an audit comes to in short, as far as the report tells. What the report does not hold stays
/// as it is in `known`: who asked for it, and what was done to the host.
HostSummary summary_of(const Report& report, const EffectiveProfile& profile,
                       const Catalogue& catalogue, HostSummary known);

}  // namespace advisor
