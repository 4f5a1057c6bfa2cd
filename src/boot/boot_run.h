#pragma once

#include <map>
#include <optional>
#include <vector>

#include "boot/loader_writes.h"
#include "model/kernel_version.h"
#include "model/persistent.h"
#include "model/snapshot.h"
#include "model/write.h"

// At boot a loader writes the lines of the files one after the other, beginning with what the
// kernel has set by itself; TuneD, where it runs, writes some of them once more. What becomes of a
// line depends on those before it: the kernel holds parameters against each other, a variable may
// have two names, and one parameter moves another along or resets it.

namespace advisor {

/// What a boot is told from.
struct BootStart {
  const Catalogue& catalogue;
  std::optional<KernelVersion> kernel;
  StandingValues standing;  ///< what stands now; null if that is not known

  /// What the kernel sets by itself or, where that is not known, what stands now. It supplies the
  /// numbers that a short line leaves out.
  std::optional<ParameterValue> value_of(const ParameterName& parameter) const;
};

/// The start of that host, whose snapshot must outlive it.
BootStart boot_start(const Catalogue& catalogue, const Snapshot& snapshot);

/// What a boot makes of one parameter.
struct BootValue {
  /// The line that has the last word, perhaps on another parameter; null if there is none.
  const PersistentSetting* line = nullptr;
  /// What is left when all are carried out; nothing if that cannot be told.
  std::optional<ParameterValue> value;
  /// False if the catalogue does not allow the value. Its ranges are here and there narrower than
  /// the kernel's, so the kernel may take the value, or refuse it.
  bool certain = true;
  bool by_tuned = false;  ///< the last word was TuneD's
};

/// One write of a boot.
struct BootWrite {
  const PersistentSetting* line;
  const PersistentSetting* at;  ///< the line in whose place it is made
  WriteOutcome outcome;
  /// The line comes too early: the module that brings the parameter is not loaded by then.
  bool module_is_late = false;
};

/// A boot as one loader, and TuneD after it, carry out the files of a host.
class BootRun {
 public:
  /// The settings, and what `start` refers to, must outlive it.
  BootRun(const PersistentSettings& files, BootStart start, SysctlLoader loader);

  SysctlLoader loader() const { return loader_; }
  /// What is left of the parameter at the end.
  BootValue left(const ParameterName& parameter) const;
  /// Every write, in the order in which they are made. systemd-sysctl writes each name once, procps
  /// and TuneD every line.
  const std::vector<BootWrite>& writes() const { return writes_; }

 private:
  /// A write to what changes other parameters too.
  struct LeaderWrite {
    const ParameterInfo* leader;
    const PersistentSetting* line;
    std::optional<ParameterValue> before;
    ParameterValue value;
    bool by_tuned;
  };

  void run_tuned();
  void write(const LoaderWrite& asked, bool by_tuned);
  void lead(const LeaderWrite& made);
  void follow(const LeaderWrite& made, const ParameterName& name, BootValue& state) const;
  bool module_is_late(const ParameterName& name) const;

  const PersistentSettings& files_;
  BootStart start_;
  SysctlLoader loader_;
  std::map<ParameterName, BootValue> states_;  ///< of what lines are on
  std::vector<BootWrite> writes_;
  std::vector<LeaderWrite> leader_writes_;
};

/// One run for each loader that may run at boot.
std::vector<BootRun> boots_of(const PersistentSettings& files, const BootStart& start);

}  // namespace advisor
