#pragma once

#include <string>
#include <vector>

#include "model/boot.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "rules/planner.h"
#include "rules/profile_set.h"

namespace advisor {

/// What the values that stand now are held against.
struct BootGround {
  const EffectiveProfile& profile;
  const Catalogue& catalogue;
  const std::vector<Suppression>& suppressions;
  const PersistentSettings& standing;  ///< what the files say, ours as it stands
};

/// Whether a loader comes to one line after the other: files in the order of their names, whatever
/// their directories, and procps last of all to /etc/sysctl.conf.
bool comes_after(const SourceLocation& one, const SourceLocation& other, SysctlLoader loader);

/// Values that meet the profile now and that a boot would lose: what the profile would ask for on
/// this host as the files would leave it, with `planned` carried out, wherever the run-time value
/// is another one. `after` is the value that stands now, `before` what the boot would leave.
/// Nothing is in it that the policy or the catalogue forbids to set.
std::vector<Change> lost_at_boot(const Report& report, const std::vector<Change>& planned,
                                 const BootGround& ground, const PlanPolicy& policy);

/// The lines that would keep what `persisted` sets from standing after a boot, under each loader.
/// `proposed` is what the files say with our drop-in as planned. A line that sets the same value
/// beats nothing.
std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed,
                                     const Catalogue& catalogue);

/// A sentence for each line that makes persisting futile: under the loader that runs at boot or,
/// where that is not known, under both.
std::vector<std::string> boot_refusals(const BootProspect& prospect);
/// Likewise for what may go wrong: under the other loader, or by files that could not be read.
std::vector<std::string> boot_warnings(const BootProspect& prospect);

}  // namespace advisor
