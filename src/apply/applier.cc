#include "apply/applier.h"

#include <fmt/format.h>

#include "apply/journal.h"
#include "apply/undo.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

Error stale(const std::string& what) {
  return {ErrorKind::kStale, what + " changed since the plan was made; nothing was changed", 0};
}

/// What the plan was made for must still stand.
Status check_fresh(const World& world, const Plan& plan) {
  for (const Change& change : plan.changes) {
    const Reading now = world.tree.read(change.parameter);
    if (!now) return now.error();
    for (const ParameterValue& value : {change.before, change.after}) {
      if (value.text().size() <= kLongestValueBytes) continue;
      return Error{ErrorKind::kRejected,
                   fmt::format("{} holds more than the kernel takes in one write, so it could not "
                               "be put back; nothing was changed",
                               change.parameter.dotted()),
                   0};
    }
    if (!same_value(world.catalogue.find(change.parameter), *now, change.before)) {
      return stale(change.parameter.dotted());
    }
  }
  if (!plan.drop_in) return {};
  const auto now = read_if_present(world.files, plan.drop_in->path);
  if (!now) return now.error();
  if (*now != plan.drop_in->before) return stale(plan.drop_in->path);
  return {};
}

/// Makes the changes, in order, until one fails. What the kernel made of a refused value is kept
/// in the plan, so that undoing recognises it as ours.
Status make_changes(World& world, Plan& plan) {
  const Error interrupted{ErrorKind::kBusy, "interrupted by a signal", 0};
  for (Change& change : plan.changes) {
    if (world.interrupted()) return interrupted;
    world.step(fmt::format("writing {} = {}", change.parameter.dotted(), change.after.text()));
    ParameterValue shown = change.after;
    const Status written = write_and_check(world, change.parameter, change.after, &shown);
    if (!written) {
      change.after = shown;
      return written;
    }
  }
  if (world.interrupted()) return interrupted;
  if (!plan.drop_in || !plan.drop_in->changes()) return {};
  world.step("writing " + plan.drop_in->path);
  return put_file(world.files, plan.drop_in->path, plan.drop_in->after);
}

}  // namespace

Result<Outcome> carry_out(World& world, const Plan& plan, std::vector<std::string> profiles,
                          std::optional<std::string> undoes, std::optional<Deadline> deadline) {
  if (const Status fresh = check_fresh(world, plan); !fresh) return fresh.error();
  Journal journal(world.files);
  const auto id = journal.next_id();
  if (!id) return id.error();
  Outcome outcome;
  outcome.transaction = {*id,
                         TransactionState::kPrepared,
                         world.clock.utc(),
                         std::move(profiles),
                         std::move(undoes),
                         world.identity,
                         plan,
                         std::move(deadline)};
  world.step("writing the journal of transaction " + *id);
  if (const Status saved = journal.save(outcome.transaction); !saved) return saved.error();

  Plan attempted = plan;
  Status done = make_changes(world, attempted);
  if (done) {
    const bool provisional = outcome.transaction.deadline.has_value();
    outcome.transaction.state =
        provisional ? TransactionState::kProvisional : TransactionState::kCommitted;
    if (!provisional) outcome.transaction.ended = world.clock.utc();
    done = journal.save(outcome.transaction);
    if (done) return outcome;
  }
  outcome.problems.push_back(done.error().message);
  UndoReport report = undo(world, attempted, /*run_time=*/true);
  outcome.problems.insert(outcome.problems.end(), report.left.begin(), report.left.end());
  outcome.problems.insert(outcome.problems.end(), report.failures.begin(), report.failures.end());
  outcome.commands = std::move(report.commands);
  // With what the kernel made of a refused value, so that a later rollback knows it as ours.
  outcome.transaction.plan = attempted;
  outcome.transaction.state =
      report.failures.empty() ? TransactionState::kRolledBack : TransactionState::kStuck;
  outcome.transaction.ended = world.clock.utc();
  // If this fails the journal still says Prepared, and the next run finds nothing left to undo.
  if (const Status saved = journal.save(outcome.transaction); !saved) {
    outcome.problems.push_back(saved.error().message);
  }
  return outcome;
}

}  // namespace advisor
