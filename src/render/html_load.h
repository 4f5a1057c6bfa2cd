#pragma once

#include "model/snapshot.h"
#include "render/html.h"

namespace advisor {

/// The sockets of a host: the ports that are in use towards each destination and the queues of its
/// listeners as bars, the sockets by state, and what the kernel's log hints at.
Html html_load(const Snapshot& snapshot);

}  // namespace advisor
