#pragma once

#include <string>
#include <vector>

#include "apply/transaction.h"
#include "os/sandbox.h"

namespace advisor {

/// What it takes to carry out plans, to undo them, and to keep the journal, and no more: the
/// parameters that they change, those that the catalogue says move along or exclude them, the
/// directories of their drop-ins, and the state directory with the lock. `root` stands before
/// each path.
Result<SandboxRules> writable_for(const World& world, const std::vector<Plan>& plans,
                                  const std::string& root);

}  // namespace advisor
