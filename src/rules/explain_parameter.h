#pragma once

#include "model/explanation.h"

namespace advisor {

/// Everything known of one parameter on this host, but for what rules say of it.
ParameterExplanation explain_parameter(const ParameterName& parameter, const Catalogue& catalogue,
                                       const Snapshot& snapshot,
                                       const PersistentSettings& persistent);

}  // namespace advisor
