#include "apply/confirmation.h"
#include "apply/journal.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/watchdog.h"
#include "render/json_report.h"

namespace advisor {
namespace {

/// The transaction that is meant: the one named, or the newest that had to be confirmed.
Result<Transaction> wanted_transaction(Context& context) {
  const auto& arguments = context.options().arguments;
  if (!arguments.empty()) return Journal(context.files()).load(arguments.front());
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  for (const Transaction& transaction : *all) {
    if (transaction.deadline) return transaction;
  }
  return Error{ErrorKind::kNotFound, "no change waits to be confirmed", 0};
}

/// Why it is too late, or never was to be.
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
  if (context.options().format == "json") {
    return Json(Json::Object{{"schema", "sysctl-advisor/confirm/1"},
                             {"status", name_of(TransactionState::kCommitted)},
                             {"transaction", transaction.id},
                             {"changes", json_changes(transaction.plan.changes)},
                             {"drop_in", json_file_change(transaction.plan.drop_in)}})
        .dump();
  }
  return "transaction " + transaction.id + " is confirmed; `sysctl-advisor rollback " +
         transaction.id + "` takes it back\n";
}

ExitStatus run_confirm(Context& context) {
  auto session = TransactionSession::begin(context);
  if (!session) return fail(session.error());
  World& world = (*session)->world();
  const auto transaction = wanted_transaction(context);
  if (!transaction) return fail(transaction.error());
  const bool confirmed =
      transaction->deadline && transaction->state == TransactionState::kCommitted;
  if (confirmed) {
    const bool json = context.options().format == "json";
    return print(json ? answer(context, *transaction)
                      : "transaction " + transaction->id + " was confirmed already\n",
                 ExitStatus::kNothing);
  }
  const bool waits = transaction->state == TransactionState::kProvisional;
  if (!waits || time_left(world, *transaction).count() == 0) return fail(why_not(*transaction));
  if (const Status kept = confirm(world, *transaction); !kept) return fail(kept.error());
  stop_watchdog(watchdog_name(*transaction->deadline));
  return print_done(answer(context, *transaction), ExitStatus::kNothing);
}

}  // namespace

const Command kConfirmCommand{
    "confirm",
    "keep what `apply --confirm-within` changed, or number ID; needs root",
    "sudo sysctl-advisor confirm",
    "--format",
    "text,json",
    "ID",
    1,
    true,
    run_confirm};

}  // namespace advisor
