#pragma once

#include <string>

#include "model/plan.h"
#include "render/style.h"

namespace advisor {

/// The change as a unified diff with three lines of context, as patch(1) takes it with -p1 from
/// the root directory; /dev/null stands for no file. Empty if nothing changes.
std::string unified_diff(const FileChange& change);

/// A unified diff in the colours of git(1), if the style has colours.
std::string painted_diff(const std::string& diff, const TextStyle& style);

}  // namespace advisor
