#pragma once

#include <vector>

#include "load/parameter_knowledge.h"
#include "load/profile.h"

namespace advisor {

/// Puts in place of each target whose parameter holds `*` for a segment one for each parameter of
/// this host that matches, but for those that another target of the list names itself: as with
/// sysctl.d(5), the explicit name wins. There may be none. If the host cannot be asked,
/// `diagnostics` says so.
void expand_families(std::vector<Target>& targets, const ParameterKnowledge& known,
                     Diagnostics& diagnostics);
void expand_families(std::vector<PlainTarget>& targets, const ParameterKnowledge& known,
                     Diagnostics& diagnostics);

}  // namespace advisor
