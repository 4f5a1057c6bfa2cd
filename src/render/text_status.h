#pragma once

#include <string>

#include "model/host_status.h"
#include "render/style.h"

namespace advisor {

/// What this program has done to the host, a line for each thing, and what to run next.
std::string text_status(const HostStatus& status, const TextStyle& style);

/// All of it on one line: "in order: 7 parameters stand as set".
std::string line_status(const HostStatus& status);

}  // namespace advisor
