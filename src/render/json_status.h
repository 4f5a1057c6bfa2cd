#pragma once

#include "base/json.h"
#include "model/host_status.h"

namespace advisor {

/// Schema "sysctl-advisor/status/1".
Json json_status(const HostStatus& status);

}  // namespace advisor
