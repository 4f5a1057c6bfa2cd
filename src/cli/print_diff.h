#pragma once

#include "cli/context.h"
#include "model/plan.h"

namespace advisor {

/// Prints the change for patch(1), and returns `status`. On a terminal it may have colours;
/// elsewhere each byte is as it is in the file; kTrouble, with the place, if a byte would steer a
/// terminal that may be at the other end.
ExitStatus print_diff(const Context& context, const FileChange& change, ExitStatus status);

}  // namespace advisor
