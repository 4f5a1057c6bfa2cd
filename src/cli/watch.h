#pragma once

#include "cli/context.h"

namespace advisor {

/// `audit --watch`: audits until a signal asks for the end, nobody reads on, or --count is reached.
/// Rates are over the time between two audits; those of the first over --interval. The status is
/// that of the last audit.
ExitStatus watch_audit(Context& context);

}  // namespace advisor
