#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/plan.h"

namespace advisor {

/// All that a line assigns: to systemd-sysctl a NUL and a carriage return end a line as well, so
/// that there may be several. The line is replaced as a whole, whatever else it assigns to systemd
/// alone.
std::vector<ParameterName> assigned_parameters(std::string_view line);

/// The text of our drop-in once it also sets what `changes` says. Lines for other parameters are
/// kept as they are, but for those in `without`: such as vm.dirty_ratio where vm.dirty_bytes is set
/// now, which a line behind it would reset. `report` gives each line its reason.
std::string updated_drop_in(const std::string& text, const std::vector<Change>& changes,
                            const Report& report, const std::set<ParameterName>& without = {});

}  // namespace advisor
