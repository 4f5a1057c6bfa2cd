#pragma once

#include "cli/context.h"
#include "rules/left_out.h"

namespace advisor {

/// Tells of any parameter why nobody can set it where the options point: outside of the namespace
/// of --netns, or closed to root by the kernel or by a read-only mount. Of a copied tree and of a
/// snapshot there is no telling. Lives no longer than the context.
WhyNotSettable settable_here(Context& context);

}  // namespace advisor
