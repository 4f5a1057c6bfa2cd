#pragma once

#include <string>
#include <vector>

#include "model/finding.h"
#include "model/plan.h"

namespace advisor {

/// The text of our drop-in once it also sets what `changes` says. Lines for other parameters are
/// kept as they are. `report` gives each line its reason.
std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report);

}  // namespace advisor
