#pragma once

#include "cli/context.h"

namespace advisor {

/// `audit --netns all`: an audit of each network namespace of this host, all over the same
/// interval. One that cannot be entered says why, and the rest is told all the same.
ExitStatus audit_all_namespaces(Context& context);

}  // namespace advisor
