#pragma once

#include <optional>
#include <string>

#include "cli/options.h"

namespace advisor {

/// That an argument is an option which was quoted with a file, as in `snapshot "- --anonymize"`;
/// nothing if none is. Those behind "--" are not to be asked about.
std::optional<std::string> quoted_option(const Command& command, const Request& request);

/// Why the flags and arguments, each of which is right by itself, cannot be meant together; nothing
/// if they can.
std::optional<std::string> contradiction(const Command& command, const Request& request);

}  // namespace advisor
