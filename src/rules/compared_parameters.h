#pragma once

#include "model/catalogue.h"
#include "model/comparison.h"

namespace advisor {

/// Adds to `comparison` the parameters that are not what they were, by type: words apart by tabs or
/// blanks, numbers in any base, and sets of ports in any order are the same. What tells whose host
/// it is, and what changes with every reading, is passed over; see compared_load.h for the rest
/// that nobody sets.
void compare_parameters(const Snapshot& before, const Snapshot& after, const Catalogue& catalogue,
                        Comparison& comparison);

}  // namespace advisor
