#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace advisor {

/// The names of the hosts that an inventory holds, sorted, each once: one name a line with `#`
/// before comments, or what `ansible-inventory --list` prints. `file` is for messages.
Result<std::vector<std::string>> parse_inventory(const std::string& file, const std::string& text);

}  // namespace advisor
