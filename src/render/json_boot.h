#pragma once

#include <optional>
#include <vector>

#include "base/json.h"
#include "model/boot.h"

namespace advisor {

/// What becomes of a plan at boot, or null if it does not persist.
Json json_boot(const std::optional<BootProspect>& prospect);

/// What another program sets, as "explain" lists it.
Json json_other_setting(const OtherSetting& setting);

/// Who else sets what a plan sets.
Json json_other_writers(const std::vector<OtherWriter>& writers);

}  // namespace advisor
