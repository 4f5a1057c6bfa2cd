#pragma once

#include "model/catalogue.h"
#include "model/comparison.h"

namespace advisor {

/// What became of a host, or what tells two apart: parameters, load and findings. Pure. What is
/// not known in one of the two is never taken for equal.
Comparison compare(const ComparedHost& before, const ComparedHost& after,
                   const Catalogue& catalogue);

}  // namespace advisor
