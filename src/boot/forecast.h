#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "boot/boot_run.h"
#include "model/finding.h"
#include "model/plan.h"
#include "model/snapshot.h"

namespace advisor {

/// This host as a boot under one loader would leave its parameters, as far as that can be told. The
/// rest stays as it is now. What the forecast is made of must outlive it.
class BootForecast {
 public:
  BootForecast(const Snapshot& snapshot, const Catalogue& catalogue,
               const PersistentSettings& standing, SysctlLoader loader);

  /// The parameters that the boot changes, but for those of `set`, which something else decides.
  std::set<ParameterName> changed_beside(const std::vector<Change>& set) const;
  /// The host with these changes carried out at boot, in place of what the files set.
  Snapshot with(const std::vector<Change>& changes) const;
  /// What the kernel sets a parameter to by itself, where that is the same on any host.
  std::optional<ParameterValue> default_of(const ParameterName& parameter) const;

 private:
  std::optional<ParameterValue> value_of(const ParameterName& parameter) const;

  const Snapshot& snapshot_;
  const Catalogue& catalogue_;
  BootStart start_;
  BootRun boot_;
  std::map<ParameterName, ParameterValue> changed_;  ///< to what the boot leaves
};

}  // namespace advisor
