#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/boot_run.h"
#include "load/profile_set.h"
#include "model/boot.h"
#include "model/catalogue.h"
#include "model/finding.h"
#include "plan/planner.h"

namespace advisor {

/// What the values that stand now are held against.
struct BootGround {
  const EffectiveProfile& profile;
  const Catalogue& catalogue;
  const std::vector<Suppression>& suppressions;
  const PersistentSettings& standing;  ///< what the files say, ours as it stands
  std::string_view our_file = {};      ///< which of the files is ours
};

/// Values that meet the profile now and that a boot would lose: what the profile would ask for on
/// this host as the files would leave it, with `planned` carried out, wherever the run-time value
/// is another one. `after` is the value that stands now, `before` what the boot would leave. What
/// the policy or the catalogue forbids to set is left out.
std::vector<Change> lost_at_boot(const Report& report, const std::vector<Change>& planned,
                                 const BootGround& ground, const PlanPolicy& policy);

/// Those of `set` that a boot without any line brings about by itself, so that ours would only pin
/// a number: the kernel or systemd compute one then, or the kernel's own does more than ours would.
/// Lines in the way of a computed value are to be deleted rather than beaten.
std::vector<LeftToBoot> left_to_boot(const Report& report, const std::vector<Change>& set,
                                     const BootGround& ground, const PlanPolicy& policy);

/// The lines that would keep what `persisted` sets from standing after a boot, under each loader.
/// `proposed` is what the files say with our drop-in as planned. A line that sets the same value
/// beats nothing. What lines_refused_at_boot() and late_modules() tell is left out.
std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed, const BootStart& start);

/// A sentence for each of `persisted` that the kernel refuses when the files are loaded, for the
/// sake of what another parameter is then: one per parameter, if that is so under the loader that
/// runs at boot or, where that is not known, under both.
std::vector<std::string> lines_refused_at_boot(const std::vector<Change>& persisted,
                                               const PersistentSettings& proposed,
                                               const BootStart& start);

/// Those of `persisted` that no line can set at boot, since the module that brings the parameter is
/// loaded after the files are carried out.
std::vector<LateModule> late_modules(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed, const BootStart& start);

}  // namespace advisor
