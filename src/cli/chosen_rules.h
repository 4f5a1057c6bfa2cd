#pragma once

#include "cli/request.h"
#include "load/profile_set.h"

namespace advisor {

/// Keeps of the profile what --only and --skip choose. False, with the reasons printed, if one of
/// their patterns matches nothing of it.
bool select_chosen(const Request& request, EffectiveProfile& profile);

}  // namespace advisor
