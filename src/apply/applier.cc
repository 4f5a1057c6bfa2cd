#include "apply/applier.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "apply/affected.h"
#include "apply/journal.h"
#include "apply/progress.h"
#include "apply/undo.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

Error stale(std::string_view what) {
  return {ErrorKind::kStale,
          fmt::format("{} changed since the plan was made; nothing was changed", what), 0};
}

/// A transaction on its way: what it is to do, and how far it got.
struct Applying {
  World& world;
  const std::string& id;
  Plan plan;
  Progress progress;
};

/// The error with a hint, if the value names a module: the kernel answers "no such file" if it does
/// not find the module.
Error naming_module(Error error, const ParameterName& name, const ParameterValue& value) {
  constexpr std::pair<const char*, const char*> kModules[] = {
      {"net.ipv4.tcp_congestion_control", "tcp_"}, {"net.core.default_qdisc", "sch_"}};
  for (const auto& [parameter, prefix] : kModules) {
    if (error.os_error != ENOENT || name.dotted() != parameter) continue;
    error.message += fmt::format("; if a module brings it: `modprobe {}{}`", prefix, value.text());
  }
  return error;
}

/// Makes one change. What the kernel made of a value that it refused or rounded is kept, so that
/// undoing recognises it as ours.
Status make_change(Applying& applying, Change& change) {
  World& world = applying.world;
  const ParameterName& name = change.parameter;
  const Reading now = world.tree.read(name);
  if (!now) return now.error();
  // The parameter moved along with an earlier one; a second write may have effects of its own.
  if (same_value(world.catalogue.find(name), *now, change.after)) return {};
  world.step(fmt::format("writing {} = {}", name.dotted(), change.after.text()));
  const Status noted = applying.progress.begin(world.files, applying.id, name);
  if (!noted) return noted;
  ParameterValue shown = change.after;
  const Status written = write_and_check(world, name, change.after, &shown);
  if (written && shown == change.after) return {};
  Status made = written;
  if (!written) made = naming_module(written.error(), name, change.after);
  change.after = shown;
  // A failure to note this is ignored: what we know now is enough to undo the change.
  (void)applying.progress.show(world.files, applying.id, name, shown);
  return made;
}

/// Makes the changes, in order, until one fails; then sees to what moved along.
Status make_changes(Applying& applying) {
  const Error interrupted{ErrorKind::kBusy, "interrupted by a signal", 0};
  World& world = applying.world;
  for (Change& change : applying.plan.changes) {
    if (world.interrupted()) return interrupted;
    if (const Status made = make_change(applying, change); !made) return made;
  }
  const auto note = [&](const Change& change) {
    world.step(fmt::format("writing {} = {}, which had moved along", change.parameter.dotted(),
                           change.after.text()));
    return applying.progress.begin(world.files, applying.id, change.parameter);
  };
  const auto unsettled = settle(world, applying.plan, note);
  if (!unsettled.empty()) return unsettled.front().error;
  if (const Status noted = note_what_moved(world, applying.plan); !noted) return noted;
  if (world.interrupted()) return interrupted;
  const auto& drop_in = applying.plan.drop_in;
  if (!drop_in || !drop_in->changes()) return {};
  world.step("writing " + drop_in->path);
  return put_file(world.files, drop_in->path, drop_in->after);
}

}  // namespace

Status check_fresh(const World& world, const Plan& plan) {
  for (const Change& change : plan.changes) {
    const Reading now = world.tree.read(change.parameter);
    if (!now) return now.error();
    const Status writable = world.tree.check_writable(change.parameter);
    if (!writable) return Error{ErrorKind::kRejected, writable.error().message, 0};
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

Error no_journal(Error why) {
  const bool by_system = why.kind == ErrorKind::kIo || why.kind == ErrorKind::kDenied;
  if (by_system && why.os_error != 0) why.kind = ErrorKind::kReadOnly;
  return why;
}

Result<Outcome> carry_out(World& world, const Plan& plan, std::vector<std::string> profiles,
                          std::optional<std::string> undoes, std::optional<Deadline> deadline) {
  if (const Status fresh = check_fresh(world, plan); !fresh) return fresh.error();
  Journal journal(world.files);
  const auto id = journal.next_id();
  if (!id) return no_journal(id.error());
  auto affected = read_affected(world, plan);
  if (!affected) return affected.error();
  Outcome outcome;
  outcome.transaction = {*id,
                         TransactionState::kPrepared,
                         world.clock.utc(),
                         std::move(profiles),
                         std::move(undoes),
                         world.identity,
                         plan,
                         std::move(deadline)};
  outcome.transaction.plan.affected = std::move(*affected);
  outcome.transaction.caller = world.caller;
  world.step("writing the journal of transaction " + *id);
  if (const Status saved = journal.save(outcome.transaction); !saved) {
    return no_journal(saved.error());
  }

  Applying applying{world, *id, outcome.transaction.plan, {}};
  Status done = make_changes(applying);
  // The plan now tells what moved along, or what the kernel made of a refused value, so that a
  // later rollback knows this as ours.
  outcome.transaction.plan = applying.plan;
  if (done) {
    const bool provisional = outcome.transaction.deadline.has_value();
    outcome.transaction.state =
        provisional ? TransactionState::kProvisional : TransactionState::kCommitted;
    if (!provisional) outcome.transaction.ended = world.clock.utc();
    done = journal.save(outcome.transaction);
    if (done) {
      world.reached(outcome.transaction, "");
      return outcome;
    }
  }
  outcome.problems.push_back(done.error().message);
  // The commit record may be in its place though it is not durable, and replacing it may fail as
  // well. By the note the next run sees that the record does not count.
  (void)Progress::note_undoing(world.files, *id);
  UndoReport report = undo(world, applying.plan, /*run_time=*/true, &applying.progress);
  outcome.problems.insert(outcome.problems.end(), report.left.begin(), report.left.end());
  outcome.problems.insert(outcome.problems.end(), report.failures.begin(), report.failures.end());
  outcome.commands = std::move(report.commands);
  outcome.transaction.state =
      report.failures.empty() ? TransactionState::kRolledBack : TransactionState::kStuck;
  outcome.transaction.ended = world.clock.utc();
  // If this fails the next run undoes once more, and finds what is left of it.
  if (const Status saved = journal.save(outcome.transaction); !saved) {
    outcome.problems.push_back(saved.error().message);
  }
  world.reached(outcome.transaction, "failed");
  return outcome;
}

}  // namespace advisor
