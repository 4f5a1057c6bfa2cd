#pragma once

#include <vector>

#include "boot/boot_run.h"
#include "model/boot.h"

namespace advisor {

/// The lines of others, and of ours, that a boot does not carry out as they say, and those whose
/// value does not stand now; one remark for each line and fault, in the order in which they are
/// read. `boots` are those of the files under the loaders that may run: what only one of two would
/// do is left out. Lines that later ones simply replace are as they should be.
std::vector<LineRemark> remarks_on_lines(const PersistentSettings& files,
                                         const std::vector<BootRun>& boots, const BootStart& start);

}  // namespace advisor
