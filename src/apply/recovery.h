#pragma once

#include <string>
#include <vector>

#include "apply/transaction.h"

namespace advisor {

struct RecoveryScope {
  /// The files under sysctl.d are still to be loaded in this boot, so of a transaction of an
  /// earlier boot only files are put back.
  bool at_boot = false;
  /// The newest transaction, if it is Stuck, is undone once more; an older Stuck one of which
  /// something still stands is named as open.
  bool stuck_again = false;
  /// Run-time values are put back here, whichever network namespace the journal names.
  bool any_namespace = false;
  /// A provisional transaction with a deadline until then, counted since the boot, is undone now:
  /// nobody waits for it any longer.
  std::optional<std::chrono::milliseconds> give_up_until = std::nullopt;
};

/// What a recovery came to.
struct Recovery {
  std::vector<std::string> said;  ///< a sentence for each thing done, or left to somebody else
  std::vector<std::string> open;  ///< what is left open, and how it is undone, a sentence each
};

/// Undoes the transactions that were cut off, those that were not confirmed in time, and those
/// whose undoing is unfinished. The caller holds the lock. A transaction of another network
/// namespace is left open. An Error means that the host must not be changed now: a journal is
/// damaged, or a part is still to be put back (Stuck).
Result<Recovery> recover(World& world, RecoveryScope scope = {});

/// The plans of the transactions that recover() would undo now.
Result<std::vector<Plan>> plans_to_undo(const World& world, RecoveryScope scope = {});

/// What taking back a committed transaction comes to on this host now.
struct RollbackPlan {
  Transaction of;
  Plan plan;
  std::vector<std::string> left;   ///< what somebody else changed since, and is not touched
  std::vector<std::string> notes;  ///< what else there is to know
};

/// Keeps only the transactions that changed this network namespace since the boot.
void keep_those_of(const HostIdentity& identity, std::vector<Transaction>& transactions);

/// The transaction a rollback without an id means: the newest that stands (provisional, committed
/// or stuck), leaving out rollbacks and what they took back. NotFound if there is none.
Result<Transaction> newest_to_roll_back(const std::vector<Transaction>& newest_first);

/// Whether a later transaction took this one back.
bool was_rolled_back(const Transaction& transaction, const std::vector<Transaction>& all);

/// Compares what stood before, what the transaction left, and what stands now. With `force`, what
/// somebody else changed since is put back as well. Rejected if run-time values would have to be
/// restored in another network namespace than they were changed in; and, without `force`, if it was
/// taken back already or a later transaction of `all` changed the same and still stands.
Result<RollbackPlan> plan_rollback(const World& world, const Transaction& transaction,
                                   const std::vector<Transaction>& all, bool force);

}  // namespace advisor
