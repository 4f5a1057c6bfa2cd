#pragma once

#include <string>

#include "model/boot.h"
#include "render/style.h"

namespace advisor {

/// What the plan keeps for the next boot besides its changes, and who reads the drop-in then.
std::string text_boot(const BootProspect& prospect, const TextStyle& style);

}  // namespace advisor
