#include <algorithm>

#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/log.h"
#include "render/text_plan.h"

namespace advisor {
namespace {

Result<Transaction> wanted_transaction(Context& context) {
  const Journal journal(context.files());
  const auto& arguments = context.options().arguments;
  if (arguments.empty()) {
    const auto all = journal.all();
    if (!all) return all.error();
    return newest_to_roll_back(*all);
  }
  auto transaction = journal.load(arguments.front());
  if (!transaction || transaction->state == TransactionState::kCommitted ||
      transaction->state == TransactionState::kStuck) {
    return transaction;
  }
  return Error{ErrorKind::kRejected,
               "transaction " + transaction->id + " is " + name_of(transaction->state) +
                   ": there is nothing of it to take back",
               0};
}

/// What is printed when all is said; `outcome` is null if nothing was carried out.
std::string answer(Context& context, const RollbackPlan& rollback, const std::string& status,
                   const Outcome* outcome) {
  if (context.options().format == "json") {
    Json json = outcome_json("rollback", status, rollback.plan, outcome);
    return json.with("undoes", rollback.of.id)
        .with("left", Json::array_of(rollback.left))
        .with("notes", Json::array_of(rollback.notes))
        .dump();
  }
  if (outcome && outcome->transaction.state != TransactionState::kCommitted) return "";
  std::string text;
  for (const std::string& note : rollback.notes) text += note + "\n";
  if (rollback.plan.empty()) {
    return text + "nothing of transaction " + rollback.of.id + " is left to take back\n";
  }
  text += text_plan(rollback.plan, context.style());
  if (outcome) text += "transaction " + rollback.of.id + " was taken back\n";
  return text;
}

ExitStatus dry_run(Context& context) {
  auto world = looking_world(context);
  if (!world) return fail(world.error());
  const auto transaction = wanted_transaction(context);
  if (!transaction) return fail(transaction.error());
  const auto rollback = plan_rollback(*world, *transaction, context.options().force);
  if (!rollback) return fail(rollback.error());
  for (const std::string& sentence : rollback->left) log_warning(sentence);
  const char* status = rollback->plan.empty() ? "nothing" : "planned";
  return print(answer(context, *rollback, status, nullptr), ExitStatus::kNothing);
}

ExitStatus run_rollback(Context& context) {
  if (context.options().dry_run) return dry_run(context);
  auto session = TransactionSession::begin(context);
  if (!session) return fail(session.error());
  const auto transaction = wanted_transaction(context);
  if (!transaction) return fail(transaction.error());
  const auto rollback = plan_rollback((*session)->world(), *transaction, context.options().force);
  if (!rollback) return fail(rollback.error());
  for (const std::string& sentence : rollback->left) log_warning(sentence);
  if (rollback->plan.empty()) {
    return print(answer(context, *rollback, "nothing", nullptr), ExitStatus::kNothing);
  }
  const auto outcome =
      (*session)->carry_out(rollback->plan, transaction->profiles, transaction->id);
  if (!outcome) return fail(outcome.error());
  const ExitStatus status = report_outcome(*outcome);
  return print_done(answer(context, *rollback, name_of(outcome->transaction.state), &*outcome),
                    status);
}

}  // namespace

const Command kRollbackCommand{"rollback",
                               "take the newest transaction back, or number ID; needs root",
                               "sudo sysctl-advisor rollback",
                               "--format --dry-run --force",
                               "text,json",
                               "ID",
                               1,
                               run_rollback};

}  // namespace advisor
