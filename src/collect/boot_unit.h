#pragma once

#include "os/file_store.h"

namespace advisor {

/// The unit of this program by which a boot undoes what nobody confirmed, before anything loads it.
inline constexpr const char* kBootUnit = "sysctl-advisor-recover.service";

/// Whether the next boot runs that unit.
enum class BootUnitState {
  kRuns,
  kNotWanted,  ///< it is there, and no boot asks for it
  kMasked,
  kMissing,  ///< or cannot be read
};

/// By the files of the host; what lies under /run is gone at the next boot.
BootUnitState boot_unit_state(const FileStore& files);

/// Whether systemd runs the host, or may run it: the test of sd_booted(3).
bool systemd_runs(const FileStore& files);

}  // namespace advisor
