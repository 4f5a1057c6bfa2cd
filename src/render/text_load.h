#pragma once

#include <string>

#include "model/snapshot.h"
#include "render/style.h"

namespace advisor {

/// The socket load, and what the kernel's log hints at, as the head of a report shows them.
std::string text_load(const Snapshot& snapshot, const TextStyle& style);

}  // namespace advisor
