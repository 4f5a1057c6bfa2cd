#include "apply/recovery.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/journal.h"
#include "apply/undo.h"
#include "base/text.h"

namespace advisor {
namespace {

bool same_boot(const World& world, const Transaction& transaction) {
  return world.identity.boot_id == transaction.identity.boot_id;
}

/// Run-time values of another namespace cannot be seen from here; after a reboot there are none.
Status check_namespace(const World& world, const Transaction& transaction) {
  const bool elsewhere = world.identity.network_namespace != transaction.identity.network_namespace;
  if (!same_boot(world, transaction) || !elsewhere || transaction.plan.changes.empty()) return {};
  return Error{ErrorKind::kRejected,
               fmt::format("transaction {} changed another network namespace; run this command "
                           "there, or restore by hand from {}/rollback.conf",
                           transaction.id, Journal::directory(transaction.id)),
               0};
}

Status recover_one(World& world, Transaction transaction, std::vector<std::string>& said) {
  if (const Status here = check_namespace(world, transaction); !here) return here;
  world.step("undoing transaction " + transaction.id + ", which was cut off");
  UndoReport report = undo(world, transaction.plan, same_boot(world, transaction));
  said.insert(said.end(), report.left.begin(), report.left.end());
  const bool whole = report.failures.empty();
  transaction.state = whole ? TransactionState::kRolledBack : TransactionState::kStuck;
  if (const Status saved = Journal(world.files).save(transaction); !saved) return saved;
  if (!whole) {
    return Error{
        ErrorKind::kStuck,
        fmt::format("transaction {} was cut off and cannot be undone: {}; what is left to "
                    "be run:\n  {}",
                    transaction.id, join(report.failures, "; "), join(report.commands, "\n  ")),
        0};
  }
  said.push_back(fmt::format("transaction {} had been cut off; it was undone", transaction.id));
  return {};
}

}  // namespace

Result<std::vector<std::string>> recover(World& world) {
  const auto transactions = Journal(world.files).all();
  if (!transactions) return transactions.error();
  std::vector<std::string> said;
  for (const Transaction& transaction : *transactions) {
    if (transaction.state != TransactionState::kPrepared) continue;
    if (const Status done = recover_one(world, transaction, said); !done) return done.error();
  }
  return said;
}

bool was_rolled_back(const Transaction& transaction, const std::vector<Transaction>& all) {
  return std::any_of(all.begin(), all.end(), [&](const Transaction& later) {
    return later.undoes == transaction.id && later.state == TransactionState::kCommitted &&
           !was_rolled_back(later, all);
  });
}

Result<Transaction> newest_to_roll_back(const std::vector<Transaction>& newest_first) {
  for (const Transaction& transaction : newest_first) {
    if (transaction.state == TransactionState::kCommitted && !transaction.undoes &&
        !was_rolled_back(transaction, newest_first)) {
      return transaction;
    }
  }
  return Error{ErrorKind::kNotFound, "there is nothing to roll back", 0};
}

Result<RollbackPlan> plan_rollback(const World& world, const Transaction& transaction, bool force) {
  if (const Status here = check_namespace(world, transaction); !here) return here.error();
  RollbackPlan rollback;
  rollback.of = transaction;
  const Plan inverse = inverse_of(transaction.plan);
  const bool run_time = same_boot(world, transaction);
  if (!run_time && !inverse.changes.empty()) {
    rollback.notes.push_back("the host was started anew since: the run-time values are gone");
  }
  for (Change change : run_time ? inverse.changes : std::vector<Change>()) {
    const Reading now = world.tree.read(change.parameter);
    if (!now) return now.error();
    // From here on `before` is what the transaction left and `after` what it found.
    const Standing standing =
        standing_of({change.parameter, change.after, change.before, change.because}, *now,
                    world.catalogue.find(change.parameter));
    if (standing == Standing::kBefore) continue;
    if (standing == Standing::kForeign && !force) {
      rollback.left.push_back(fmt::format(
          "{} is {}: somebody else changed it since (we left it at {}); --force sets "
          "it to {} all the same",
          change.parameter.dotted(), now->text(), change.before.text(), change.after.text()));
      continue;
    }
    change.before = *now;
    rollback.plan.changes.push_back(std::move(change));
  }
  if (!inverse.drop_in) return rollback;
  const auto now = read_if_present(world.files, inverse.drop_in->path);
  if (!now) return now.error();
  const Standing standing = standing_of(*transaction.plan.drop_in, *now);
  if (standing == Standing::kForeign && !force) {
    rollback.left.push_back(inverse.drop_in->path +
                            " was changed by somebody else since; --force puts the old text back");
  } else if (standing != Standing::kBefore) {
    rollback.plan.drop_in = FileChange{inverse.drop_in->path, *now, inverse.drop_in->after};
  }
  return rollback;
}

}  // namespace advisor
