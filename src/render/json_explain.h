#pragma once

#include "base/json.h"
#include "model/explanation.h"

namespace advisor {

/// The explanation as schema "sysctl-advisor/explain/3".
Json json_explanation(const Explanation& explanation);

}  // namespace advisor
