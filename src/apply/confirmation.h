#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "apply/applier.h"
#include "apply/recovery.h"
#include "apply/transaction.h"

namespace advisor {

/// The deadline of a change that begins now.
Deadline deadline_after(const Clock& clock, std::chrono::milliseconds within);

/// How long the transaction may still be confirmed; 0 when that is over, as it is in another boot.
std::chrono::milliseconds time_left(const World& world, const Transaction& transaction);

/// The transaction that may still be confirmed; null if there is none.
const Transaction* find_provisional(const World& world, const std::vector<Transaction>& all);

/// Why the plan must not be made provisional, a sentence for each change that may prove
/// irrevocable.
std::vector<std::string> why_irrevocable(const Plan& plan, const Catalogue& catalogue);

/// Provisional -> Committed: what it changed stays. Durable when it returns. The caller holds the
/// lock and has recovered what was open.
Status confirm(World& world, Transaction transaction);

/// Provisional -> RolledBack, or Stuck: carries the rollback of a provisional transaction out at
/// once. The rollback gets no journal of its own: if it is cut off, the transaction is still
/// Provisional, and is undone in time.
Outcome take_back(World& world, const RollbackPlan& rollback);

}  // namespace advisor
