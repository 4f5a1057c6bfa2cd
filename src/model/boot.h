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
  bool by_tuned = false;  ///< TuneD writes that line, after the loader
};

/// A value that no line can set at boot: its parameter comes with a module that is loaded after the
/// files are carried out.
struct LateModule {
  Change change;  ///< what is to be set at boot
  std::string module;
};

/// A value that is not changed at run time, but put into the drop-in since a boot would lose it.
struct KeptValue {
  Change change;  ///< `after` stands now, and a boot would leave `before`
  /// The line that sets `before`; nothing: it is the default of such kernels.
  std::optional<PersistentSetting> line;
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

/// What is remarkable about a line of a file, as a boot finds it.
enum class LineFault {
  kNotInEffect,  ///< it decides at boot, and another value stands now
  kRefused,      ///< the kernel refuses it
  kAbsent,       ///< the kernel does not have the parameter
  kTooEarly,     ///< the module of the parameter is loaded after it is read
  kUndone,       ///< another line undoes it by which one would not expect that
  kUnread,       ///< the loader of the boot does not read its file
};

struct LineRemark {
  PersistentSetting line;
  LineFault fault = LineFault::kNotInEffect;
  std::string why;  ///< a clause: "it is 128 now", "the kernel takes 0..255"
  size_t more = 0;  ///< how many more parameters, or lines, it is true of
};

/// What becomes of a plan that persists when the host boots.
struct BootProspect {
  std::optional<SysctlLoader> loader;  ///< that runs then; nothing: not known
  std::string loader_because;
  std::vector<KeptValue> kept;
  std::vector<CarriedOut> carried_out;
  std::vector<LeftToBoot> left_to_boot;
  std::vector<BeatenLine> beaten_by;
  std::vector<LateModule> late;
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
