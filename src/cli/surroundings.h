#pragma once

#include <set>

#include "boot/boot_run.h"
#include "cli/context.h"

namespace advisor {

/// Why nobody can set some of the parameters where the request points: outside of the namespace of
/// --netns, or closed to root by the kernel or by a read-only mount. Of a copied tree and of a
/// snapshot there is no telling.
NotSettable not_settable_here(Context& context, const std::set<ParameterName>& parameters);

/// Which parameters cannot be set here, and what the files of the host give them at boot. With
/// --netns the latter is empty: the files are for the host's own namespace.
Surroundings surroundings_of(Context& context, const std::set<ParameterName>& parameters,
                             const Snapshot& snapshot);

/// What a boot of the host is told from, whatever of it the snapshot holds.
BootStart boot_start(Context& context, const Snapshot& snapshot);

}  // namespace advisor
