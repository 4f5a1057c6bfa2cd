#pragma once

#include "base/json.h"
#include "model/host_summary.h"

namespace advisor {

/// A host as one line of many: `sysctl-advisor/host/1`. Every member is always there and of one
/// type, or null.
Json host_line(const HostSummary& summary);

}  // namespace advisor
