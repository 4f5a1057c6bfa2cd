#pragma once

#include "base/json.h"
#include "model/comparison.h"

namespace advisor {

/// Schema "sysctl-advisor/compare/1".
Json json_comparison(const Comparison& comparison);

}  // namespace advisor
