#pragma once

#include <vector>

#include "boot/boot_run.h"

namespace advisor {

/// What the files of a host give its parameters at the next boot, with our drop-in and without it.
class FileValues {
 public:
  /// What `start` refers to must outlive it.
  FileValues(PersistentSettings standing, PersistentSettings without_ours, const BootStart& start);
  FileValues(const FileValues&) = delete;
  FileValues& operator=(const FileValues&) = delete;

  /// What the files as they stand give a parameter; then, if another line would decide
  /// in the absence of ours, what that line gives (`undercut`). Empty if no line sets the
  /// parameter, if the loaders that may run at boot leave different values, or if the value is
  /// unknown.
  std::vector<ValueAtBoot> of(const ParameterName& parameter) const;

 private:
  std::optional<ValueAtBoot> given(const std::vector<BootRun>& boots,
                                   const ParameterName& parameter) const;

  PersistentSettings standing_;
  PersistentSettings without_ours_;
  const Catalogue& catalogue_;
  std::vector<BootRun> standing_boots_;
  std::vector<BootRun> boots_without_ours_;
};

}  // namespace advisor
