#pragma once

#include <set>

#include "cli/context.h"

namespace advisor {

/// Why nobody can set some of the parameters where the request points: outside of the namespace of
/// --netns, or closed to root by the kernel or by a read-only mount. Of a copied tree and of a
/// snapshot there is no telling.
NotSettable not_settable_here(Context& context, const std::set<ParameterName>& parameters);

/// That, and what the files of the host give the parameters at boot. Nothing is known of files in
/// another network namespace, for which they are not.
Surroundings surroundings_of(Context& context, const std::set<ParameterName>& parameters,
                             const Snapshot& snapshot);

}  // namespace advisor
