#pragma once

#include <string>
#include <vector>

#include "model/boot.h"
#include "render/style.h"

namespace advisor {

/// What the plan keeps for the next boot besides its changes, and who reads the drop-in then.
std::string text_boot(const BootProspect& prospect, const TextStyle& style);

/// Values that no line of ours sets for the next boot, a sentence each.
std::string text_notes(const std::vector<std::string>& notes, const TextStyle& style);

}  // namespace advisor
