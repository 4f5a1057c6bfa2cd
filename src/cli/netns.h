#pragma once

#include "base/result.h"
#include "cli/options.h"

namespace advisor {

/// Enters the network namespace that --netns names, if it is given, and makes the options say what
/// that implies: files of sysctl.d set the host's own namespace, so only run-time values are meant.
/// For "all" it enters none: each is for a process of its own (all_namespaces.h).
/// Before anything of the host is read. An Error if there is no such namespace, or the options
/// contradict it.
Status enter_netns(const Command& command, Options& options);

}  // namespace advisor
