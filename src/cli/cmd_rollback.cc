#include <algorithm>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "os/log.h"
#include "os/terminal.h"
#include "os/watchdog.h"
#include "render/json_transaction.h"
#include "render/text_plan.h"
#include "render/text_transaction.h"

namespace advisor {
namespace {

Result<Transaction> wanted_transaction(Context& context, const World& world,
                                       std::vector<Transaction> all) {
  const auto& arguments = context.request().arguments;
  if (arguments.empty()) {
    if (!context.request().netns.empty()) keep_those_of(world.identity, all);
    return newest_to_roll_back(all);
  }
  auto transaction = Journal(context.files()).load(arguments.front());
  if (!transaction || transaction->state == TransactionState::kProvisional ||
      transaction->state == TransactionState::kCommitted ||
      transaction->state == TransactionState::kStuck) {
    return transaction;
  }
  return Error{ErrorKind::kRejected,
               "transaction " + transaction->id + " is " + name_of(transaction->state) +
                   ": there is nothing of it to take back",
               0};
}

Result<RollbackPlan> wanted_rollback(Context& context, const World& world) {
  const auto all = Journal(context.files()).all();
  if (!all) return all.error();
  const auto transaction = wanted_transaction(context, world, *all);
  if (!transaction) return transaction.error();
  const Transaction* waiting = find_provisional(world, *all);
  if (waiting && waiting->id != transaction->id) {
    return Error{ErrorKind::kBusy,
                 provisional_sentence(*waiting) +
                     "; keep it (`sysctl-advisor confirm`) or take it back (`sysctl-advisor "
                     "rollback`) first",
                 0};
  }
  return plan_rollback(world, *transaction, *all, context.request().force);
}

/// What is printed when all is said; `outcome` is null if nothing was carried out.
std::string answer(Context& context, const RollbackPlan& rollback, const std::string& status,
                   const Outcome* outcome) {
  if (context.request().format == Format::kJson) {
    Json json = json_outcome("rollback/1", status, rollback.plan, outcome);
    const std::string& netns = context.request().netns;
    if (!netns.empty()) json = json.with("netns", netns);
    return json.with("undoes", rollback.of.id)
        .with("left", Json::array_of(rollback.left))
        .with("notes", Json::array_of(rollback.notes))
        .dump();
  }
  if (outcome && outcome->transaction.state != TransactionState::kCommitted) return "";
  std::string text;
  for (const std::string& note : rollback.notes) text += note + "\n";
  if (rollback.plan.empty()) {
    const std::string what = rollback.left.empty() ? "nothing" : "nothing else";
    return text + what + " of transaction " + rollback.of.id + " is left to take back\n";
  }
  text += text_plan(rollback.plan, context.style());
  const char* how = rollback.left.empty() ? "" : ", but for what somebody else changed since";
  if (!outcome) return text;
  return text + "transaction " + rollback.of.id + " was taken back" + how + "\n" +
         text_not_reached(rollback.plan.changes, context.catalogue(), context.style());
}

ExitStatus dry_run(Context& context) {
  auto world = looking_world(context);
  if (!world) return fail(world.error());
  const auto rollback = wanted_rollback(context, *world);
  if (!rollback) return fail(rollback.error());
  for (const std::string& sentence : rollback->left) log_warning(sentence);
  const char* status = rollback->plan.empty() ? "nothing" : "planned";
  return print(answer(context, *rollback, status, nullptr), ExitStatus::kNothing);
}

/// Reports the taking back of a provisional transaction.
ExitStatus report_taken_back(Context& context, const RollbackPlan& rollback, Outcome outcome) {
  stop_watchdog(watchdog_name(*rollback.of.deadline));
  const bool done = outcome.transaction.state == TransactionState::kRolledBack;
  ExitStatus status = ExitStatus::kNothing;
  if (!done) status = report_outcome(outcome);
  for (const std::string& problem : outcome.problems) {
    if (done) log_warning(problem);
  }
  // Reported as a rollback that was carried out in whole, only without an id: it is no transaction
  // of its own.
  if (done) outcome.transaction.state = TransactionState::kCommitted;
  outcome.transaction.id.clear();
  const char* how = name_of(outcome.transaction.state);
  return print_done(answer(context, rollback, how, &outcome), status);
}

/// One attempt. Nothing, which asks for another, if the host moved meanwhile and `may_go_again`.
std::optional<ExitStatus> try_to_roll_back(Context& context, bool may_go_again) {
  auto session = TransactionSession::begin(context);
  if (!session) return fail(session.error());
  const auto rollback = wanted_rollback(context, (*session)->world());
  if (!rollback) return fail(rollback.error());
  const bool provisional = rollback->of.state == TransactionState::kProvisional;
  if (rollback->plan.empty() && !provisional) {
    for (const std::string& sentence : rollback->left) log_warning(sentence);
    return print(answer(context, *rollback, "nothing", nullptr), ExitStatus::kNothing);
  }
  auto outcome =
      provisional ? (*session)->take_back(*rollback)
                  : (*session)->carry_out(rollback->plan, rollback->of.profiles, rollback->of.id);
  if (!outcome) {
    if (outcome.error().kind == ErrorKind::kStale && may_go_again) return std::nullopt;
    return report_refusal(outcome.error(), rollback->plan, context.request());
  }
  for (const std::string& sentence : rollback->left) log_warning(sentence);
  if (provisional) return report_taken_back(context, *rollback, std::move(*outcome));
  const ExitStatus status = report_outcome(*outcome);
  return print_done(answer(context, *rollback, name_of(outcome->transaction.state), &*outcome),
                    status);
}

ExitStatus run_rollback(Context& context) {
  // Enough for each of the runs that may be at it at once to get its turn.
  constexpr int kMostTries = 50;
  if (context.request().dry_run) return dry_run(context);
  for (int tries = 1;; ++tries) {
    if (const auto status = try_to_roll_back(context, tries < kMostTries)) return *status;
  }
}

}  // namespace

const Command kRollbackCommand{
    .name = "rollback",
    .summary = "take the newest transaction back, or number ID; needs root",
    .example = "sudo sysctl-advisor rollback",
    .flags = "--format --dry-run --force --netns",
    .formats = "text,json",
    .arguments = "ID",
    .most_arguments = 1,
    .tolerates_bad_catalogue = true,
    .run = run_rollback,
};

}  // namespace advisor
