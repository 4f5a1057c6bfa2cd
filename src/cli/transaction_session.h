#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/applier.h"
#include "apply/recovery.h"
#include "cli/context.h"
#include "os/log.h"
#include "os/signals.h"

namespace advisor {

/// The right to change this host: root, the lock, and nothing left open by an earlier run. The lock
/// is held to look and to change, and given up while anything is printed or asked: watchdogs wait
/// for it, and must not wait for a person or a stalled pipe. What is decided between is held
/// against what stands once the lock is taken again.
class TransactionSession {
 public:
  /// Undoes what was left open, says so, and lets go of the lock. An Error if that right is
  /// lacking; at most an earlier transaction that had been cut off was undone then, or a part of it
  /// (Stuck).
  static Result<std::unique_ptr<TransactionSession>> begin(Context& context,
                                                           Identity identity = Identity::kWhole);
  /// As `begin`, with the lock still held, and nothing said; recovered() tells what was undone.
  static Result<std::unique_ptr<TransactionSession>> open(Context& context, RecoveryScope scope,
                                                          Identity identity);

  World& world() { return world_; }
  /// What was undone at the beginning.
  const Recovery& recovered() const { return recovered_; }
  /// From now on no signal ends the process: what it does, and how that ended, is told first.
  void hold_signals();
  /// Takes the lock again. Until unlock() what is logged is kept back, and the caller has to keep
  /// other output back.
  Status lock();
  void unlock();

  /// What a change stands on, besides the values that it changes.
  using StillStands = std::function<Status()>;
  /// Carries out the plan, in a sandbox in which nothing else can be written. Stale if another run
  /// changed anything since this one began, or `still_stands` says so. If the change must be
  /// confirmed, a watchdog is started before anything else. From then on the process is in the
  /// sandbox, and if anything was done, signals wait until it has said what.
  Result<Outcome> carry_out(const Plan& plan, std::vector<std::string> profiles,
                            std::optional<std::string> undoes = std::nullopt,
                            std::optional<std::chrono::milliseconds> confirm_within = std::nullopt,
                            const StillStands& still_stands = nullptr);
  /// Takes a provisional transaction back in the same way.
  Result<Outcome> take_back(const RollbackPlan& rollback);

 private:
  class Locked;
  /// In which state each transaction is.
  using States = std::vector<std::pair<std::string, TransactionState>>;

  TransactionSession(Context& context, HostIdentity identity);

  /// What carry_out() does under the lock.
  Result<Outcome> change(const Plan& plan, std::vector<std::string> profiles,
                         std::optional<std::string> undoes,
                         std::optional<std::chrono::milliseconds> confirm_within);
  Result<States> states() const;
  /// Stale if another run changed anything since this one began.
  Status check_unmoved() const;
  /// Makes the directories that cannot be made in the sandbox, and enters it for these plans.
  Status confine(const std::vector<Plan>& plans) const;
  /// Undoes what an earlier run left open, in a sandbox of its own.
  Result<Recovery> recover_confined(RecoveryScope scope);

  std::string root_;
  World world_;
  Recovery recovered_;
  States seen_;
  LastWord last_word_;
  // These begin in this order and end in reverse: the lock is given up first.
  std::optional<LogHold> log_hold_;
  std::optional<SignalHold> hold_;
  std::unique_ptr<Lock> lock_;
};

/// The name of the watchdog that waits for this deadline.
std::string watchdog_name(const Deadline& deadline);

/// "transaction 1 is provisional until 2026-11-22T22:02:56Z": what stands in the way of another
/// change, as the beginning of a sentence.
std::string provisional_sentence(const Transaction& transaction);

/// An Error if this user may not change this host.
Status check_permission(const Context& context);

/// The world as `begin` has it, to look only: lock, recovery and root are not needed.
Result<World> looking_world(Context& context);

/// The transactions with what the others, and the time, make of them.
std::vector<TransactionEntry> entries_of(const World& world, const std::vector<Transaction>& all);

/// 0 committed, 2 undone, 3 stuck; what went wrong is printed to stderr.
ExitStatus report_outcome(const Outcome& outcome);

/// Why the plan was not carried out. If only the old values could not be kept on disk, the commands
/// are printed by which a person can do it all the same.
ExitStatus report_refusal(const Error& error, const Plan& plan, const Request& request);

}  // namespace advisor
