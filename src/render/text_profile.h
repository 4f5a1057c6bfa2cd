#pragma once

#include <string>
#include <vector>

#include "load/profile_set.h"
#include "render/style.h"
#include "rules/recommend.h"

namespace advisor {

/// "net.core.somaxconn at_least 4096".
std::string text_target(const Target& target);

/// The profiles there are, a line each.
std::string text_profiles(const std::vector<Profile>& profiles);

/// A profile as it is written, and what it comes to with all that it extends.
std::string text_profile(const Profile& profile, const EffectiveProfile& effective,
                         const TextStyle& style);

/// Which profiles the load of a host speaks for, and what to run then.
std::string text_recommended(const std::vector<ProfileAdvice>& advice, const TextStyle& style);

}  // namespace advisor
