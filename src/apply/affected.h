#pragma once

#include "apply/transaction.h"

namespace advisor {

/// What the kernel may move along with the changes of the plan, as it stands now, besides what the
/// plan changes itself: what moves others first. What the plan says already of such a parameter is
/// kept, and must still be so (Stale). What cannot be read or written here is left out. Rejected if
/// both forms of a changed parameter are 0, since that could not be brought back.
Result<std::vector<Affected>> read_affected(const World& world, const Plan& plan);

/// Fills in what the kernel made of the moved parameters for which the plan asks no value.
Status note_what_moved(const World& world, Plan& plan);

}  // namespace advisor
