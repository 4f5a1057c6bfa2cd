#pragma once

#include "cli/context.h"
#include "model/host_status.h"

namespace advisor {

/// Adds what transactions did to this host, and whether it stands; or why that is not known. False
/// if the journals are there and cannot be trusted.
bool add_transactions(Context& context, HostStatus& status);

}  // namespace advisor
