#pragma once

#include <string>

#include "cli/context.h"

namespace advisor {

/// `profiles import FILE`: prints a profile made of a sysctl.d file, judged for the kernel of this
/// host.
ExitStatus import_file(Context& context, const std::string& file);

}  // namespace advisor
