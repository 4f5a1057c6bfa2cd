#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/kernel_version.h"
#include "model/persistent.h"
#include "model/plan.h"
#include "model/write.h"

// A loader writes the lines of the files one after the other, beginning with what the kernel has
// set by itself. Where the kernel holds parameters against each other, the order of the lines
// decides which of them it takes.

namespace advisor {

/// What a boot is told from.
struct BootStart {
  const Catalogue& catalogue;
  std::optional<KernelVersion> kernel;
  StandingValues standing;  ///< where it is not known what the kernel sets by itself
};

/// A line of a file that the kernel refuses when a loader comes to it, for the sake of what another
/// parameter is then.
struct RefusedLine {
  PersistentSetting line;
  std::string why;
  ParameterName against;  ///< what it is held against
};

/// What a loader leaves of some parameters, and of those they are held against.
struct LoadedValues {
  std::map<ParameterName, ParameterValue> values;
  std::vector<RefusedLine> refused;
};

/// Carries out the lines on these parameters and their siblings as one loader would, but for those
/// of the file `without`.
LoadedValues load_files(const PersistentSettings& files, const std::set<ParameterName>& parameters,
                        const BootStart& start, SysctlLoader loader,
                        const std::string& without = {});

/// A sentence for each of `persisted` that the kernel refuses when the files are loaded: one per
/// parameter, if that is so under the loader that runs at boot or, where that is not known, under
/// both.
std::vector<std::string> refused_at_boot(const std::vector<Change>& persisted,
                                         const PersistentSettings& proposed,
                                         const BootStart& start);

}  // namespace advisor
