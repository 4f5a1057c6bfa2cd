#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/coupling.h"
#include "model/plan.h"

// The order in which parameters are written. Each is written once, and goes from what stood there
// to what it is to be. So the kernel takes each write of two coupled ones before the other, behind
// it, in both places or in neither: the order follows from pairs.

namespace advisor {

/// What must be written before a parameter.
using Requirements = std::map<ParameterName, std::set<ParameterName>>;

/// The changes in an order of which the kernel takes every write, if there is one, and, if that can
/// be, every write of its reverse too, by which they are taken back. As far as that leaves a
/// choice: what is required first, what moves another one along before that one, what cannot be
/// taken back before the next boot last, and else as given.
std::vector<Change> ordered(const std::vector<Change>& changes, const Catalogue& catalogue,
                            const Requirements& required = {});

/// A value that does not go with what another parameter is.
struct RefusedWrite {
  Change change;
  Coupling coupling;
  ParameterValue other_value;
  bool other_changes = false;  ///< the other one is changed as well, and this is to be its value
};

/// The writes that the kernel would refuse if the changes were made in this order. What it refuses
/// stays as it was.
std::vector<RefusedWrite> refused_writes(const std::vector<Change>& in_order,
                                         const Catalogue& catalogue,
                                         const StandingValues& standing);

/// What does not go together once all changes are made, whatever their order; each pair once.
std::vector<RefusedWrite> refused_ends(const std::vector<Change>& changes,
                                       const Catalogue& catalogue, const StandingValues& standing);

/// "net.ipv4.ip_local_port_range = 500 60999: the kernel takes none ...".
std::string to_text(const RefusedWrite& refused);

/// Why the changes must not be made, a sentence each: the kernel would refuse one of them, or
/// refuse the way back. `in_order` is what ordered() gave.
std::vector<std::string> why_impossible(const std::vector<Change>& in_order,
                                        const Catalogue& catalogue, const StandingValues& standing);

}  // namespace advisor
