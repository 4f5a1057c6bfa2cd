#pragma once

#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/plan.h"

namespace advisor {

/// What a change that was made does not reach yet, a sentence for each kind: sockets that listen
/// already, sockets that are open, what waits for the next boot.
std::vector<std::string> not_reached_yet(const std::vector<Change>& changes,
                                         const Catalogue& catalogue);

}  // namespace advisor
