#pragma once

#include <string>

#include "cli/advice.h"
#include "model/host_summary.h"

namespace advisor {

/// The audit, and what this program did to the host, in short. The boot findings must have been
/// added before.
HostSummary summarise(Context& context, const Advice& advice);

/// What is still known of the host if no audit came about. `why` is the error, as it is shown.
HostSummary summary_of_failure(Context& context, const std::string& why);

}  // namespace advisor
