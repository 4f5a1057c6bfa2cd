#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/module_loading.h"
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
  /// systemd-sysctl holds one line for each pattern, and this is none that another one replaced.
  bool held_by_systemd = true;
  bool absent = false;  ///< this kernel, or this namespace, does not have the parameter now
  SysctlLoaders read_by = {};
  /// By which loaders this is the line that decides. Whether the kernel takes the value is not
  /// asked: procps writes every line in turn, so if the kernel refuses this one, an earlier one
  /// stands.
  SysctlLoaders wins = {};

  bool operator==(const PersistentSetting&) const = default;
};

/// What the files of a host give a parameter at its next boot.
struct ValueAtBoot {
  ParameterValue value;    ///< as the kernel makes it of the line
  PersistentSetting line;  ///< that decides, perhaps on another name of the parameter
  bool meets = false;      ///< it is what is asked of the parameter
  bool undercut = false;   ///< a line of ours decides instead

  bool operator==(const ValueAtBoot&) const = default;
};

/// A parameter that a program sets by itself, besides the loaders and outside of their files.
struct OtherSetting {
  std::string program;  ///< for example "TuneD profile balanced"
  /// The name, or a shell pattern where it is one for each interface.
  std::string parameter;
  std::optional<std::string> value;  ///< nothing: that depends
  SourceLocation where;              ///< the file that tells it; line 0: by being there
  bool certain = false;  ///< a line of the file says so; if not, the program usually does
  std::string when;      ///< "when it is started"

  bool operator==(const OtherSetting&) const = default;
};

/// "TuneD profile balanced sets vm.swappiness = 10 (file:12) when it is started", of one parameter.
std::string in_words(const OtherSetting& other, const ParameterName& parameter);

/// TuneD, which writes after the loader, whenever it starts or switches its profile.
struct TunedRun {
  std::vector<PersistentSetting> own;  ///< what its profile sets, in order
  bool reapplies = true;               ///< and then it carries files of sysctl.d out once more
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
  /// What is there, or may be, and could not be read, so that lines may be missing: `where` names
  /// the file or directory, and is empty if it was the kernel that failed to answer.
  Diagnostics unread;
  /// Which loader runs at boot; nothing if the files do not tell.
  std::optional<SysctlLoader> at_boot;
  /// What that was concluded from, or what is missing.
  std::string at_boot_because;
  /// Nothing if TuneD has no profile here.
  std::optional<TunedRun> tuned;
  /// Nothing where a kernel has no modules, or where others load them.
  std::optional<ModuleLoading> modules;
  /// What other programs set, as far as files of theirs tell.
  std::vector<OtherSetting> others;
  /// Why some of those may be missing, a sentence each.
  std::vector<std::string> others_unread;

  /// The lines on one parameter, in the order in which the files are read.
  const std::vector<PersistentSetting>& lines_on(const ParameterName& parameter) const;
  /// The line whose value the loader leaves in the kernel; null if none is on the parameter.
  const PersistentSetting* winner(const ParameterName& parameter, SysctlLoader loader) const;
  /// What other programs set it to.
  std::vector<OtherSetting> others_on(const ParameterName& parameter) const;
};

/// "net.core.somaxconn = 65535 (/etc/sysctl.d/60-app.conf:1)".
std::string in_words(const PersistentSetting& line);

/// "systemd-sysctl" or "sysctl --system".
std::string to_text(SysctlLoader loader);

/// The parameter as a line of ours names it in a file: an interface may be called `*`, and a loader
/// would take that for a pattern of others, so each of `*`, `?` and `[` stands in brackets.
std::string name_in_file(const ParameterName& parameter);

/// The parameter that was meant by a name which name_in_file() may have given.
ParameterName parameter_named_in_file(const ParameterName& written);

}  // namespace advisor
