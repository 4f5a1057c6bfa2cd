#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/parameter.h"

namespace advisor {

/// A program that carries out sysctl.d files: systemd-sysctl(8), or `sysctl --system` of procps.
enum class SysctlLoader { kSystemd, kProcps };

/// Some of the loaders.
struct SysctlLoaders {
  bool systemd = false;
  bool procps = false;

  bool has(SysctlLoader loader) const {
    return loader == SysctlLoader::kSystemd ? systemd : procps;
  }
  bool none() const { return !systemd && !procps; }
  bool operator==(const SysctlLoaders&) const = default;
};

/// What one line of a sysctl.d file says of one parameter.
struct PersistentSetting {
  ParameterName parameter;
  /// As written, without the blanks around it. Nothing if the line only takes the parameter out
  /// of the globs (`-net.ipv4.conf.lo.rp_filter`).
  std::optional<std::string> value;
  SourceLocation where;
  bool ignores_errors = false;  ///< `-key = value`
  bool from_glob = false;       ///< the key is a pattern that the parameter matches
  SysctlLoaders read_by;
  /// By which loaders this is the line that decides. Whether the kernel takes the value is not
  /// asked: procps writes every line in turn, so an earlier one stands where it does not.
  SysctlLoaders wins;

  bool operator==(const PersistentSetting&) const = default;
};

/// Everything that the files of a host set at boot.
struct PersistentSettings {
  /// Per parameter, in the order in which the files are read, lines that lose included. Parameters
  /// that this kernel lacks are among them: they may appear with a module or an interface.
  std::map<ParameterName, std::vector<PersistentSetting>> settings;
  /// Lines whose key is no parameter of this kernel, or a pattern that none matches.
  Diagnostics unmatched;
  /// Lines that are no setting, and files that could not be read.
  Diagnostics remarks;
  /// Which loader runs at boot; nothing if the files do not tell.
  std::optional<SysctlLoader> at_boot;
  /// What that was concluded from, or what is missing.
  std::string at_boot_because;

  /// The lines on one parameter, in the order in which the files are read.
  const std::vector<PersistentSetting>& lines_on(const ParameterName& parameter) const;
  /// The line whose value the loader leaves in the kernel; null if none is on the parameter.
  const PersistentSetting* winner(const ParameterName& parameter, SysctlLoader loader) const;
};

/// "systemd-sysctl" or "sysctl --system".
std::string to_text(SysctlLoader loader);

}  // namespace advisor
