#pragma once

#include "load/proof.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// What a proof takes of a pool that it shares with the host must not be felt there: an Error if it
/// is more than a hundredth of a pool, as the parameters of the host tell.
Status fits_pools(const Proof& proof, const SysctlTree& host);

}  // namespace advisor
