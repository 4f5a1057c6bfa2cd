#pragma once

#include <string>

#include "model/catalogue.h"

namespace advisor {

/// What it costs to give the parameter `advised` in place of `now`, a sentence after the other;
/// empty if there is nothing worth naming. A sentence on another value, or on the other direction,
/// is left out.
std::string cost_of(const ParameterInfo& info, const ParameterValue& now,
                    const ParameterValue& advised);

/// All that is known of what changes of it cost.
std::string costs_in_words(const ParameterInfo& info);

}  // namespace advisor
