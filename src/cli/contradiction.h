#pragma once

#include <optional>
#include <string>

#include "cli/options.h"

namespace advisor {

/// Why the flags and arguments, each of which is right by itself, cannot be meant together; nothing
/// if they can.
std::optional<std::string> contradiction(const Command& command, const Request& request);

}  // namespace advisor
