#pragma once

#include <optional>
#include <vector>

#include "model/persistent.h"
#include "os/file_store.h"

namespace advisor {

/// What the [sysctl] sections of TuneD's active profile set, its includes taken into account as
/// TuneD does: what stands in a child replaces what its parents say. Nothing if no profile is
/// active. A value that TuneD computes, or that it only raises or lowers to, is left open.
std::vector<OtherSetting> read_tuned_settings(const FileStore& files);

/// The same as what TuneD writes after the loader; nothing if no profile is active.
std::optional<TunedRun> read_tuned_run(const FileStore& files);

}  // namespace advisor
