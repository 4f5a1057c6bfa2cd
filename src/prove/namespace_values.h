#pragma once

#include <set>
#include <string>
#include <vector>

#include "load/key_value.h"
#include "model/catalogue.h"

namespace advisor {

/// What a row of the catalogue speaks of in the network namespace of a proof: itself, or one for
/// each interface that there is, and for those to come.
std::set<ParameterName> names_in_proof(const std::string& key);

/// A new namespace starts with the kernel's own values but for a few that it takes from the host's:
/// those, with what that kernel sets them to by itself. So a proof shows the same on every host.
std::vector<KeyValue> own_values_of_copied(const Catalogue& catalogue, const KernelVersion& kernel);

}  // namespace advisor
