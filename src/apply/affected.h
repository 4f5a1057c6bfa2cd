#pragma once

#include "apply/transaction.h"

namespace advisor {

/// What the kernel may move along with the changes of the plan, as it stands now, besides what the
/// plan changes itself: what moves others first. What the plan says already of one of them is kept,
/// and must still be so (Stale). What cannot be read or written here is left out, since it could
/// not be put back; Rejected if that is the form of a changed parameter that is set now.
Result<std::vector<Affected>> read_affected(const World& world, const Plan& plan);

/// Fills in what the kernel made of those of which nothing was asked.
Status note_what_moved(const World& world, Plan& plan);

}  // namespace advisor
