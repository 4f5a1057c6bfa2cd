#include "apply/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/undo.h"
#include "base/text.h"
#include "os/network_namespace.h"

namespace advisor {
namespace {

bool same_boot(const World& world, const Transaction& transaction) {
  return world.identity.boot_id == transaction.identity.boot_id;
}

bool same_namespace(const HostIdentity& a, const HostIdentity& b) {
  return may_be_same_namespace(a.network_namespace, b.network_namespace);
}

/// Run-time values of another namespace cannot be seen from here; after a reboot there are none.
bool is_elsewhere(const World& world, const Transaction& transaction) {
  return same_boot(world, transaction) && !transaction.plan.changes.empty() &&
         !same_namespace(world.identity, transaction.identity);
}

/// The command that takes it back, as a sentence names it.
std::string rollback_there(const Transaction& transaction) {
  const std::string command = "rollback " + transaction.id;
  const std::string& named = transaction.identity.named;
  if (named.empty()) return "`" + command + "` there";
  return "`sysctl-advisor " + command + netns_option(named) + "`";
}

/// What was changed in another network namespace can be taken back only there.
Error elsewhere(const World& world, const Transaction& transaction) {
  const std::string& named = transaction.identity.named;
  const std::string by_hand =
      "restore by hand from " + transaction_directory(transaction.id) + "/rollback.conf";
  if (named.empty() || named != world.identity.named) {
    const std::string there =
        named.empty() ? "run this command there" : "run " + rollback_there(transaction);
    return {ErrorKind::kRejected,
            fmt::format("transaction {} changed another network namespace; {}, or {}",
                        transaction.id, there, by_hand),
            0};
  }
  return {ErrorKind::kRejected,
          fmt::format("transaction {} changed the network namespace that was called {} then; what "
                      "has this name now is another one",
                      transaction.id, named),
          0};
}

/// How far a transaction got if it, or its undoing, is unfinished; nothing if it stands as its
/// journal says. Where a later boot loaded its drop-in, that wrote everything.
Result<std::optional<Progress>> progress_of(const World& world, const Transaction& transaction) {
  const bool prepared = transaction.state == TransactionState::kPrepared;
  std::optional<Progress> progress;
  if (!same_boot(world, transaction)) {
    if (prepared) progress = Progress::all_of(transaction.plan);
    return progress;
  }
  auto noted = Progress::load(world.files, transaction.id);
  if (!noted) return noted.error();
  if (prepared || noted->undoing()) progress = std::move(*noted);
  return progress;
}

/// Why a transaction must be undone before anything else is done; nothing if it need not.
Result<std::optional<std::string>> why_open(const World& world, const Transaction& transaction,
                                            const RecoveryScope& scope, bool newest) {
  using Why = std::optional<std::string>;
  switch (transaction.state) {
    case TransactionState::kPrepared:
      return Why("had been cut off");
    case TransactionState::kRolledBack:
      return Why();
    case TransactionState::kStuck:
      return scope.stuck_again && newest ? Why("could not be put back") : Why();
    case TransactionState::kProvisional:
      if (time_left(world, transaction).count() == 0) {
        return Why(fmt::format("was not confirmed by {}", transaction.deadline->utc));
      }
      if (scope.give_up_until && transaction.deadline->since_boot <= *scope.give_up_until) {
        return Why("was not confirmed before its watchdog was told to end");
      }
      break;
    case TransactionState::kCommitted:
      break;
  }
  const auto progress = Progress::load(world.files, transaction.id);
  if (!progress) return progress.error();
  return progress->undoing() ? Why("was being taken back") : Why();
}

struct Open {
  Transaction transaction;
  std::string why;
};

/// What must be undone, newest first.
Result<std::vector<Open>> find_open(const World& world, const RecoveryScope& scope) {
  auto transactions = Journal(world.files).all();
  if (!transactions) return transactions.error();
  std::vector<Open> open;
  bool newest = true;
  for (Transaction& transaction : *transactions) {
    auto why = why_open(world, transaction, scope, newest);
    if (!why) return why.error();
    newest = false;
    if (*why) open.push_back({std::move(transaction), std::move(**why)});
  }
  return open;
}

Status recover_one(World& world, Transaction transaction, const std::string& why,
                   const RecoveryScope& scope, Recovery& recovery) {
  const bool elsewhere = is_elsewhere(world, transaction);
  if (elsewhere && !scope.any_namespace) {
    recovery.open.push_back(fmt::format(
        "transaction {} {} in another network namespace, which may be left half changed; "
        "{} undoes it, {}/rollback.conf holds the old values",
        transaction.id, why, rollback_there(transaction), transaction_directory(transaction.id)));
    return {};
  }
  world.step(fmt::format("undoing transaction {}, which {}", transaction.id, why));
  const auto run_time = elsewhere ? Result<bool>(true) : run_time_stands(world, transaction);
  if (!run_time) return run_time.error();
  const auto progress = progress_of(world, transaction);
  if (!progress) return progress.error();
  // If this note fails, as on a full disk, the undoing goes on all the same; what moves along is
  // then compared once more with what the journal says.
  (void)Progress::note_undoing(world.files, transaction.id);
  const bool loaded = same_boot(world, transaction) || !scope.at_boot;
  UndoReport report =
      undo(world, transaction.plan, *run_time && loaded, *progress ? &**progress : nullptr);
  recovery.said.insert(recovery.said.end(), report.left.begin(), report.left.end());
  const bool whole = report.failures.empty();
  transaction.state = whole ? TransactionState::kRolledBack : TransactionState::kStuck;
  transaction.ended = world.clock.utc();
  transaction.ended_by = world.caller;
  if (const Status saved = Journal(world.files).save(transaction); !saved) return saved;
  world.reached(transaction, why);
  if (!whole) {
    return Error{
        ErrorKind::kStuck,
        fmt::format("transaction {} {} and cannot be undone: {}; what is left to be run:\n  {}",
                    transaction.id, why, join(report.failures, "; "),
                    join(report.commands, "\n  ")),
        0};
  }
  recovery.said.push_back(fmt::format("transaction {} {}; it was undone", transaction.id, why));
  return {};
}

/// The Error for a transaction that is still open, though a part may have been put back.
Error unfinished(const Open& open, const Error& why) {
  return {ErrorKind::kStuck,
          fmt::format("transaction {} {}, and undoing it did not come to its end: {}; "
                      "`sysctl-advisor recover` goes on with it",
                      open.transaction.id, open.why, why.message),
          why.os_error};
}

int64_t number_of(const Transaction& transaction) {
  return parse_decimal(transaction.id).value_or(0);
}

/// The parameters that a plan changes at run time, itself or by moving them along.
std::set<ParameterName> touched(const Plan& plan) {
  std::set<ParameterName> names;
  for (const Change& change : plan.changes) names.insert(change.parameter);
  for (const Affected& affected : plan.affected) {
    if (affected.moved()) names.insert(affected.parameter);
  }
  return names;
}

/// Whether the two change one parameter of one network namespace, or one file.
bool overlap(const Transaction& a, const Transaction& b) {
  const auto& a_file = a.plan.drop_in;
  const auto& b_file = b.plan.drop_in;
  if (a_file && b_file && a_file->path == b_file->path) return true;
  // What the whole host shares is the same parameter in every network namespace.
  const bool one_namespace = same_namespace(a.identity, b.identity);
  const std::set<ParameterName> first = touched(a.plan);
  return std::ranges::any_of(touched(b.plan), [&](const ParameterName& name) {
    return first.contains(name) && (one_namespace || !name.dotted().starts_with("net."));
  });
}

/// A later transaction that stands and changed what this one changed; its rollback comes first.
const Transaction* built_upon(const Transaction& transaction, const std::vector<Transaction>& all) {
  for (const Transaction& later : all) {
    const bool newer = number_of(later) > number_of(transaction);
    // The rollback of a newer transaction restores what this transaction left.
    const bool restores = later.undoes && parse_decimal(*later.undoes) > number_of(transaction);
    if (newer && !restores && later.state == TransactionState::kCommitted &&
        !was_rolled_back(later, all) && overlap(later, transaction)) {
      return &later;
    }
  }
  return nullptr;
}

/// Why this transaction cannot be taken back here and now.
Status check_rollback(const World& world, const Transaction& transaction,
                      const std::vector<Transaction>& all, bool force) {
  const auto refused = [](std::string why) {
    return Error{ErrorKind::kRejected, std::move(why), 0};
  };
  if (is_elsewhere(world, transaction)) return elsewhere(world, transaction);
  if (force) return {};
  if (was_rolled_back(transaction, all)) {
    const bool partly = std::ranges::any_of(all, [&](const Transaction& later) {
      return later.undoes == transaction.id && !later.plan.left.empty();
    });
    return refused(fmt::format("transaction {0} was taken back already{1}", transaction.id,
                               partly ? ", but for what the history names; `rollback " +
                                            transaction.id + " --force` tries that again"
                                      : ""));
  }
  if (const Transaction* later = built_upon(transaction, all)) {
    return refused(
        fmt::format("transaction {} came later and changed the same; take it back first "
                    "(`sysctl-advisor rollback {}`)",
                    later->id, later->id));
  }
  return {};
}

/// What is left and why, as sentences.
void tell_what_is_left(const Restoration& back, RollbackPlan& rollback) {
  for (const ForeignValue& foreign : back.foreign) {
    rollback.left.push_back(fmt::format(
        "{} is {}: somebody else changed it since (we left it at {}); `rollback {} --force` sets "
        "it to {} all the same",
        foreign.parameter.dotted(), foreign.now.text(), foreign.ours.text(), rollback.of.id,
        foreign.before.text()));
  }
  for (const ParameterName& name : back.gone) {
    rollback.left.push_back(
        fmt::format("{} is not there any more (its module was unloaded, or its interface is gone)",
                    name.dotted()));
  }
  for (const ParameterName& name : back.final) {
    rollback.left.push_back(
        fmt::format("{} cannot be taken back before the next boot", name.dotted()));
  }
}

/// Rejected if the kernel would refuse an old value because of what somebody else changed since.
Status check_taken(const World& world, const RollbackPlan& rollback, bool force) {
  if (force) return {};
  const auto refused =
      refused_writes(rollback.plan.changes, world.catalogue, standing_values(world.tree));
  if (refused.empty()) return {};
  std::vector<std::string> sentences;
  for (const RefusedWrite& one : refused) sentences.push_back(to_text(one));
  return Error{
      ErrorKind::kRejected,
      fmt::format("transaction {0} cannot be taken back: {1}; nothing was changed. Set the "
                  "other one right first; `rollback {0} --force` tries it all the same",
                  rollback.of.id, join(sentences, "; ")),
      0};
}

/// Adds the file that puts the drop-in back, or says why it is left.
Status add_drop_in(const World& world, bool force, RollbackPlan& rollback) {
  if (!rollback.of.plan.drop_in) return {};
  const FileChange& drop_in = *rollback.of.plan.drop_in;
  const auto now = read_if_present(world.files, drop_in.path);
  if (!now) return now.error();
  const Standing standing = standing_of(drop_in, *now);
  if (standing == Standing::kForeign && !force) {
    rollback.left.push_back(fmt::format(
        "{} was changed by somebody else since; `rollback {} --force` puts the old text back",
        drop_in.path, rollback.of.id));
  } else if (standing != Standing::kBefore) {
    rollback.plan.drop_in = FileChange{drop_in.path, *now, drop_in.before};
  }
  return {};
}

/// Names each Stuck transaction of which something still stands beneath later transactions.
Status name_stuck(const World& world, Recovery& recovery) {
  const auto all = Journal(world.files).all();
  if (!all) return all.error();
  for (const Transaction& transaction : *all) {
    if (transaction.state != TransactionState::kStuck || was_rolled_back(transaction, *all)) {
      continue;
    }
    const auto rollback = plan_rollback(world, transaction, *all, false);
    if (rollback && rollback->plan.empty()) continue;
    // After a reboot only the file is left, which the later transaction has set since.
    if (!rollback && !same_boot(world, transaction)) continue;
    recovery.open.push_back(fmt::format(
        "transaction {} could not be put back, and later ones came: {}", transaction.id,
        rollback ? fmt::format("`sysctl-advisor rollback {}` tries it once more, {}/rollback.conf "
                               "holds the old values",
                               transaction.id, transaction_directory(transaction.id))
                 : rollback.error().message));
  }
  return {};
}

}  // namespace

Result<Recovery> recover(World& world, RecoveryScope scope) {
  auto open = find_open(world, scope);
  if (!open) return open.error();
  Recovery recovery;
  for (const Open& one : *open) {
    const Status done = recover_one(world, one.transaction, one.why, scope, recovery);
    if (done) continue;
    if (done.error().kind == ErrorKind::kStuck) return done.error();
    return unfinished(one, done.error());
  }
  if (scope.stuck_again) {
    if (const Status named = name_stuck(world, recovery); !named) return named.error();
  }
  return recovery;
}

Result<std::vector<Plan>> plans_to_undo(const World& world, RecoveryScope scope) {
  auto open = find_open(world, scope);
  if (!open) return open.error();
  std::vector<Plan> plans;
  for (Open& one : *open) plans.push_back(std::move(one.transaction.plan));
  return plans;
}

void keep_those_of(const HostIdentity& identity, std::vector<Transaction>& transactions) {
  std::erase_if(transactions, [&](const Transaction& transaction) {
    return transaction.identity.boot_id != identity.boot_id ||
           !same_namespace(transaction.identity, identity);
  });
}

bool was_rolled_back(const Transaction& transaction, const std::vector<Transaction>& all) {
  return std::any_of(all.begin(), all.end(), [&](const Transaction& later) {
    return later.undoes == transaction.id && later.state == TransactionState::kCommitted &&
           !was_rolled_back(later, all);
  });
}

Result<Transaction> newest_to_roll_back(const std::vector<Transaction>& newest_first) {
  for (const Transaction& transaction : newest_first) {
    const bool stands = transaction.state == TransactionState::kProvisional ||
                        transaction.state == TransactionState::kCommitted ||
                        transaction.state == TransactionState::kStuck;
    if (stands && !transaction.undoes && !was_rolled_back(transaction, newest_first)) {
      return transaction;
    }
  }
  return Error{ErrorKind::kNotFound, "there is nothing to roll back", 0};
}

Result<RollbackPlan> plan_rollback(const World& world, const Transaction& transaction,
                                   const std::vector<Transaction>& all, bool force) {
  const Status possible = check_rollback(world, transaction, all, force);
  if (!possible) return possible.error();
  RollbackPlan rollback;
  rollback.of = transaction;
  const auto run_time = run_time_stands(world, transaction);
  if (!run_time) return run_time.error();
  if (!*run_time && !transaction.plan.changes.empty()) {
    rollback.notes.push_back("the host was started anew since: the run-time values are gone");
  }
  if (transaction.plan.changes.empty() && !same_boot(world, transaction)) {
    rollback.notes.push_back(
        "it changed the drop-in alone, and the host was started anew since: what the boot loaded "
        "from it stays in the running kernel until the next one");
  }
  if (*run_time) {
    Restoration back = restoration_of(world, transaction.plan, {.force = force});
    if (!back.unreadable.empty()) return back.unreadable.front().error;
    tell_what_is_left(back, rollback);
    rollback.plan = std::move(back.plan);
    const Status taken = check_taken(world, rollback, force);
    if (!taken) return taken.error();
  }
  const Status added = add_drop_in(world, force, rollback);
  if (!added) return added.error();
  rollback.plan.left = rollback.left;
  return rollback;
}

}  // namespace advisor
