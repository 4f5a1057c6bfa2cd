#pragma once

#include "cli/context.h"

namespace advisor {

/// `profiles recommend`: which profiles the observed load speaks for, with the numbers.
ExitStatus recommend_profiles(Context& context, const std::vector<Profile>& profiles);

}  // namespace advisor
