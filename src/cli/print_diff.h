#pragma once

#include "cli/exit_status.h"
#include "model/plan.h"

namespace advisor {

/// Prints the change for patch(1). Where it goes to no terminal, each byte is as it is in the file,
/// and `status` says how that ended; kTrouble, with the place, if one of them would steer the
/// terminal that may be at the other end.
ExitStatus print_diff(const FileChange& change, ExitStatus status);

}  // namespace advisor
