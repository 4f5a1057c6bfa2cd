#pragma once

#include "cli/exit_status.h"
#include "model/plan.h"

namespace advisor {

/// Prints the change for patch(1), and returns `status`. Unless stdout is a terminal, each byte is
/// as it is in the file; kTrouble, with the place, if a byte would steer a terminal that may be at
/// the other end.
ExitStatus print_diff(const FileChange& change, ExitStatus status);

}  // namespace advisor
