#pragma once

#include <string>

#include "model/plan.h"

namespace advisor {

/// The change as a unified diff with three lines of context, as patch(1) takes it with -p1 from
/// the root directory; /dev/null stands for no file. Empty if nothing changes.
std::string unified_diff(const FileChange& change);

}  // namespace advisor
