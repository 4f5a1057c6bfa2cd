#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// rp_filter of the interfaces whose filter can decide: of those with a default route, or of all if
/// packets were dropped by it. Nothing where one could not be read.
std::optional<std::map<std::string, int64_t>> reverse_path_filters(const SysctlTree& tree,
                                                                   const Snapshot& snapshot);

/// The interfaces that forward, got router advertisements, and heed those only where they do not
/// forward (accept_ra 1), on a host without an IPv6 default route. Nothing if that could not be
/// told, or takes too long.
std::optional<std::vector<std::string>> unheeded_advertisements(const SysctlTree& tree,
                                                                const FileStore& files,
                                                                const Counters& counters);

}  // namespace advisor
