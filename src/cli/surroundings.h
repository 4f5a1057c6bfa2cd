#pragma once

#include <optional>
#include <set>
#include <string>

#include "boot/boot_run.h"
#include "cli/context.h"

namespace advisor {

/// Why nobody can set the parameter where the request points: outside of the namespace of --netns,
/// or closed to root by the kernel or by a read-only mount. Nothing if it can be set, or if only a
/// write would show that. Of a copied tree and of a snapshot there is no telling.
std::optional<std::string> why_not_settable(Context& context, const ParameterName& name);

/// Which of the parameters cannot be set here, and what the files give the others at boot; null:
/// there are no files for the namespace that is meant.
Surroundings surroundings_of(Context& context, const std::set<ParameterName>& parameters,
                             const BootFiles* files, const Snapshot& snapshot);

/// What a boot of the host, which runs that kernel, is told from.
BootStart boot_start(Context& context, const std::string& kernel);

}  // namespace advisor
