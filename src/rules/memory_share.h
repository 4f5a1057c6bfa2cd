#pragma once

#include "load/profile_set.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/left_out.h"

namespace advisor {

/// What kernel memory the advice of a report can take.
struct MemoryOfAdvice {
  int64_t bytes = 0;   ///< at most, and once it is in use (`memory_each` of the catalogue)
  NotSettable beyond;  ///< the parameters that the memory has no room for, and why
};

/// Gives the memory that the advice may take to the worst findings first: the share of the host's
/// memory that the option `memory_share` allows, all of it if no group of the profile has such an
/// option. What --set asks for, and what files of the host give anyway, is counted and never cut.
MemoryOfAdvice share_memory(const Report& report, const EffectiveProfile& profile,
                            const Catalogue& catalogue);

}  // namespace advisor
