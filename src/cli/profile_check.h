#pragma once

#include "cli/context.h"

namespace advisor {

/// `profiles check FILE...`: everything that is wrong with files that somebody writes, whatever
/// they are: profiles, rule files, catalogues of parameters, the configuration.
ExitStatus check_files(Context& context, const std::vector<std::string>& files);

}  // namespace advisor
