#pragma once

#include <vector>

#include "base/json.h"
#include "load/profile_set.h"
#include "rules/recommend.h"

namespace advisor {

/// Schema "sysctl-advisor/profiles/1".
Json json_profiles(const std::vector<Profile>& profiles);

/// Schema "sysctl-advisor/profile/2".
Json json_profile(const Profile& profile, const EffectiveProfile& effective);

/// Schema "sysctl-advisor/recommend/1".
Json json_recommended(const std::vector<ProfileAdvice>& advice, double interval_seconds);

}  // namespace advisor
