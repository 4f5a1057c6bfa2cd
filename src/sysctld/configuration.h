#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/parameter_names.h"
#include "model/persistent.h"
#include "model/plan.h"

namespace advisor {

/// The configuration files of sysctl.d(5) as a host has them, masked ones too, and which loader
/// carries them out; and what else decides what becomes of that.
struct Configuration {
  /// The names in each of sysctl_directories().
  std::map<std::string, Result<std::vector<std::string>>> directories;
  /// By path: each file in them whose name ends in ".conf", and kLastOfProcps.
  std::map<std::string, Result<std::string>> texts;
  /// Nothing if the files of the host do not tell.
  std::optional<SysctlLoader> at_boot;
  /// What that was concluded from, or what is missing.
  std::string at_boot_because;
  std::optional<TunedRun> tuned;
  std::optional<ModuleLoading> modules;
};

/// The same with one file as it is proposed.
Configuration with(Configuration configuration, const FileChange& proposed);

/// What the files set at boot, as systemd-sysctl and `sysctl --system` read them. Never fails as a
/// whole: what could not be read is a remark, and among `unread` if a loader might read it. What
/// other programs set is not in it.
PersistentSettings settings_of(const Configuration& configuration, const ParameterNames& names);

}  // namespace advisor
