#pragma once

#include "boot/boot_run.h"
#include "model/explanation.h"

namespace advisor {

/// Everything known of one parameter on this host, but for what rules say of it. `boots` are those
/// of the settings.
ParameterExplanation explain_parameter(const ParameterName& parameter, const Catalogue& catalogue,
                                       const Snapshot& snapshot,
                                       const PersistentSettings& persistent,
                                       const std::vector<BootRun>& boots);

}  // namespace advisor
