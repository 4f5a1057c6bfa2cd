#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/parameter.h"
#include "model/persistent.h"
#include "model/plan.h"

namespace advisor {

/// A line that is not ours and decides all the same.
struct BeatenLine {
  ParameterName parameter;
  ParameterValue wanted;  ///< what our line says
  SysctlLoader loader;    ///< under which it loses
  /// The line that wins or takes ours out; nothing if the loader passes over ours.
  std::optional<PersistentSetting> by;
};

/// A value that is not changed at run time, but put into the drop-in since a boot would lose it.
struct KeptValue {
  Change change;         ///< `after` stands now, and a boot would leave `before`
  bool by_file = false;  ///< a file sets `before`; if not, it is the default of such kernels
};

/// A value that is set at run time only: the files give what is asked for at the next boot, but it
/// is not in effect yet.
struct CarriedOut {
  Change change;
  ValueAtBoot at_boot;

  /// As if a line of ours asked for it.
  Change wanted() const { return {change.parameter, change.before, at_boot.value, change.because}; }
};

/// A value that no line of ours sets for the next boot, since the kernel or systemd compute one
/// then that does.
struct LeftToBoot {
  Change change;         ///< `after` is what is set, or stands, at run time
  std::string computed;  ///< "the kernel computes it from the memory of the host"
  /// Lines that set another value after it, and that somebody has to delete.
  std::vector<PersistentSetting> in_the_way;
};

/// What becomes of a plan that persists when the host boots.
struct BootProspect {
  std::optional<SysctlLoader> loader;  ///< that runs then; nothing: not known
  std::string loader_because;
  std::vector<KeptValue> kept;
  std::vector<CarriedOut> carried_out;
  std::vector<LeftToBoot> left_to_boot;
  std::vector<BeatenLine> beaten_by;
  /// Files that may hold lines which beat ours, and why they were not read.
  std::vector<std::string> unread;
};

/// What another program sets, of a parameter of the plan.
struct OtherWriter {
  ParameterName parameter;
  OtherSetting setting;
  bool agrees = false;  ///< it sets what the plan sets
};

}  // namespace advisor
