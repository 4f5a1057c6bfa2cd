#pragma once

#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/plan.h"

namespace advisor {

/// Of changes that are meant for one network namespace: those of what does not belong to it but to
/// the whole host, a sentence each, and what to do about them.
std::vector<std::string> outside_of_namespace(const std::vector<Change>& changes,
                                              const Catalogue& catalogue,
                                              const std::string& network_namespace);

}  // namespace advisor
