#include "apply/confirmation.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/journal.h"
#include "apply/undo.h"
#include "model/typed_value.h"
#include "model/write.h"

namespace advisor {

Deadline deadline_after(const Clock& clock, std::chrono::milliseconds within) {
  return {clock.utc_after(within), clock.since_boot() + within};
}

std::chrono::milliseconds time_left(const World& world, const Transaction& transaction) {
  const std::chrono::milliseconds none(0);
  if (!transaction.deadline || world.identity.boot_id != transaction.identity.boot_id) return none;
  return std::max(none, transaction.deadline->since_boot - world.clock.since_boot());
}

const Transaction* find_provisional(const World& world, const std::vector<Transaction>& all) {
  for (const Transaction& transaction : all) {
    if (transaction.state != TransactionState::kProvisional) continue;
    if (time_left(world, transaction).count() > 0) return &transaction;
  }
  return nullptr;
}

std::vector<std::string> why_irrevocable(const Plan& plan, const Catalogue& catalogue) {
  std::vector<std::string> reasons;
  for (const Change& change : plan.changes) {
    const ParameterInfo* info = catalogue.find(change.parameter);
    if (!info) continue;
    const std::string_view name = change.parameter.dotted();
    if (is_one_way(*info, change.after)) {
      reasons.push_back(fmt::format(
          "{} = {} cannot be taken back before the next boot, so it cannot be provisional; apply "
          "it without --confirm-within",
          name, change.after.text()));
    } else if (const auto why = why_not_taken(*info, std::nullopt, change.before)) {
      reasons.push_back(fmt::format(
          "{} is {}, which nobody can be sure to set again ({}), so the change cannot be "
          "provisional; apply it without --confirm-within",
          name, change.before.text().empty() ? "empty" : change.before.text(), *why));
    }
  }
  return reasons;
}

Status confirm(World& world, Transaction transaction) {
  transaction.state = TransactionState::kCommitted;
  transaction.ended = world.clock.utc();
  transaction.ended_by = world.caller;
  const Status saved = Journal(world.files).save(transaction);
  if (saved) world.reached(transaction, "was confirmed");
  return saved;
}

Outcome take_back(World& world, const RollbackPlan& rollback) {
  Outcome outcome;
  outcome.transaction = rollback.of;
  (void)Progress::note_undoing(world.files, rollback.of.id);
  // What is in the plan of the rollback is to be put back, whoever changed it.
  UndoReport report = undo(world, inverse_of(rollback.plan), /*run_time=*/true);
  outcome.problems = std::move(report.left);
  outcome.problems.insert(outcome.problems.end(), report.failures.begin(), report.failures.end());
  outcome.commands = std::move(report.commands);
  outcome.transaction.state =
      report.failures.empty() ? TransactionState::kRolledBack : TransactionState::kStuck;
  outcome.transaction.ended = world.clock.utc();
  outcome.transaction.ended_by = world.caller;
  // If this fails the journal still says Provisional, and later nothing is found left to undo.
  if (const Status saved = Journal(world.files).save(outcome.transaction); !saved) {
    outcome.problems.push_back(saved.error().message);
  }
  world.reached(outcome.transaction, "was taken back before it was confirmed");
  return outcome;
}

}  // namespace advisor
