#pragma once

#include <vector>

#include "model/persistent.h"

namespace advisor {

/// One write that is made at boot.
struct LoaderWrite {
  const PersistentSetting* line;
  const PersistentSetting* at;  ///< the line in whose place it is made
};

/// The writes that a loader makes, in their order. systemd-sysctl writes each name once, by its
/// last line, where its value began to stand: a line that repeats a value does not move the write.
/// Where no line names a parameter it writes what every pattern says. procps writes every line.
std::vector<LoaderWrite> loader_writes(const PersistentSettings& files, SysctlLoader loader);

/// The lines that TuneD writes again: those of /run/sysctl.d and /etc/sysctl.d by the names of the
/// files, and then those of /etc/sysctl.conf. It knows neither patterns nor a dash in front.
std::vector<LoaderWrite> reapplied_by_tuned(const PersistentSettings& files);

}  // namespace advisor
