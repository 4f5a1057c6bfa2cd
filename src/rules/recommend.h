#pragma once

#include "load/profile.h"

namespace advisor {

/// What the load of a host says about one profile.
struct ProfileAdvice {
  enum class Speaks { kFor, kUnknown, kNotFor };

  std::string profile;
  std::string summary;
  Speaks speaks = Speaks::kUnknown;
  std::vector<Observed> observed;    ///< what its condition looked at
  std::vector<std::string> missing;  ///< if unknown
};

/// "recommended", "unknown" or "not recommended".
const char* name_of(ProfileAdvice::Speaks speaks);

/// Judges the profiles that say when they are to be recommended; those that the load speaks for
/// come first.
std::vector<ProfileAdvice> recommend(const std::vector<Profile>& profiles,
                                     const Catalogue& catalogue, const Snapshot& snapshot);

}  // namespace advisor
