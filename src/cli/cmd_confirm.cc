#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/watchdog.h"
#include "render/json_transaction.h"

namespace advisor {
namespace {

/// The transaction that is meant: the one named, or the newest that had to be confirmed.
Result<Transaction> wanted_transaction(Context& context) {
  const auto& arguments = context.request().arguments;
  if (!arguments.empty()) return Journal(context.files()).load(arguments.front());
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  for (const Transaction& transaction : *all) {
    if (transaction.deadline) return transaction;
  }
  return Error{ErrorKind::kNotFound, "no change waits to be confirmed", 0};
}

/// Why the transaction cannot be confirmed: it is too late, or it never had to be.
std::string why_not(const Transaction& transaction) {
  const std::string name = "transaction " + transaction.id;
  if (!transaction.deadline)
    return name + " is " + name_of(transaction.state) + ", not provisional";
  const std::string late = name + " had to be confirmed by " + transaction.deadline->utc;
  switch (transaction.state) {
    case TransactionState::kRolledBack:
      return late + ", and was rolled back at " + transaction.ended.value_or("an unknown time");
    case TransactionState::kStuck:
      return late + ", and could not be put back in whole; `sysctl-advisor rollback` tries again";
    default:
      return late + "; it is too late";
  }
}

std::string answer(Context& context, const Transaction& transaction) {
  if (context.request().format == Format::kJson) {
    return json_confirmed(transaction).dump();
  }
  return "transaction " + transaction.id + " is confirmed; `sysctl-advisor rollback " +
         transaction.id + "` takes it back\n";
}

/// What is to be said of a confirmation once the lock is given up.
struct Confirmed {
  Transaction transaction;
  bool before = false;  ///< that was done already
};

/// Under the lock.
Result<Confirmed> confirm_wanted(Context& context, TransactionSession& session) {
  World& world = session.world();
  auto transaction = wanted_transaction(context);
  if (!transaction) return transaction.error();
  if (transaction->deadline && transaction->state == TransactionState::kCommitted) {
    return Confirmed{std::move(*transaction), true};
  }
  const bool waits = transaction->state == TransactionState::kProvisional;
  if (!waits || time_left(world, *transaction).count() == 0) {
    return Error{ErrorKind::kRejected, why_not(*transaction), 0};
  }
  session.hold_signals();
  if (const Status kept = confirm(world, *transaction); !kept) return kept.error();
  return Confirmed{std::move(*transaction)};
}

ExitStatus run_confirm(Context& context) {
  auto session = TransactionSession::begin(context, Identity::kAsFarKnown);
  if (!session) return fail(session.error());
  if (const Status locked = (*session)->lock(); !locked) return fail(locked.error());
  const auto confirmed = confirm_wanted(context, **session);
  (*session)->unlock();
  if (!confirmed) return fail(confirmed.error());
  const Transaction& transaction = confirmed->transaction;
  if (!confirmed->before) {
    stop_watchdog(watchdog_name(*transaction.deadline));
    return print_done(answer(context, transaction), ExitStatus::kNothing);
  }
  const bool json = context.request().format == Format::kJson;
  return print(json ? answer(context, transaction)
                    : "transaction " + transaction.id + " was confirmed already\n",
               ExitStatus::kNothing);
}

}  // namespace

const Command kConfirmCommand{
    .name = "confirm",
    .summary = "keep what `apply --confirm-within` changed, or number ID; needs root",
    .example = "sudo sysctl-advisor confirm",
    .flags = "--format",
    .formats = "text,json",
    .arguments = "ID",
    .most_arguments = 1,
    .tolerates_bad_catalogue = true,
    .run = run_confirm,
};

}  // namespace advisor
