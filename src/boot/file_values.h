#pragma once

#include <vector>

#include "boot/boot_lines.h"
#include "model/snapshot.h"

namespace advisor {

/// What the files of a host give its parameters at the next boot, with our drop-in and without it.
class FileValues {
 public:
  /// The catalogue must outlive it.
  FileValues(PersistentSettings standing, PersistentSettings without_ours,
             const Catalogue& catalogue);
  FileValues(const FileValues&) = delete;
  FileValues& operator=(const FileValues&) = delete;

  /// What the files as they stand give a parameter of that host; then, if another line would decide
  /// in the absence of ours, what that line gives (`undercut`). Empty if no line sets the
  /// parameter, if the loaders that may run at boot leave different values, or if the value is
  /// unknown.
  std::vector<ValueAtBoot> of(const ParameterName& parameter, const Snapshot& snapshot) const;

 private:
  std::optional<ValueAtBoot> given(const BootLines& lines, const ParameterName& parameter,
                                   const std::optional<ParameterValue>& before) const;

  PersistentSettings standing_;
  PersistentSettings without_ours_;
  const Catalogue& catalogue_;
  BootLines standing_lines_;
  BootLines lines_without_ours_;
};

}  // namespace advisor
