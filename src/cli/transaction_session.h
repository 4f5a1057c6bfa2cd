#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/applier.h"
#include "apply/recovery.h"
#include "base/json.h"
#include "cli/context.h"
#include "os/signals.h"

namespace advisor {

/// The right to change this host: root, the lock, and nothing left open by an earlier run. Held
/// until something was carried out or taken back, and else as long as it lives: the watchdog waits
/// for the lock, and must not wait for a terminal that takes no output.
class TransactionSession {
 public:
  /// An Error if there is no such right; nothing was changed then, except that an earlier
  /// transaction that had been cut off may have been undone.
  static Result<std::unique_ptr<TransactionSession>> begin(Context& context);
  /// As `begin`, but what was undone is not printed; recovered() tells it.
  static Result<std::unique_ptr<TransactionSession>> open(Context& context,
                                                          RecoveryScope scope = {});

  World& world() { return world_; }
  /// What was undone at the beginning, a sentence each.
  const std::vector<std::string>& recovered() const { return recovered_; }
  /// From now on no signal ends the process: what it does, and how that ended, is told first.
  void hold_signals();
  /// Carries out the plan, in a sandbox in which nothing else can be written. If it must be
  /// confirmed, a watchdog is started before anything else. From then on the process is in the
  /// sandbox, and if anything was done no signal ends it before it has said what.
  Result<Outcome> carry_out(const Plan& plan, std::vector<std::string> profiles,
                            std::optional<std::string> undoes = std::nullopt,
                            std::optional<std::chrono::milliseconds> confirm_within = std::nullopt);
  /// Takes a provisional transaction back in the same way.
  Outcome take_back(const RollbackPlan& rollback);

 private:
  TransactionSession(Context& context, HostIdentity identity);

  /// Makes the directories that the sandbox lets nobody make, and enters it for these plans.
  Status confine(const std::vector<Plan>& plans) const;
  /// Undoes what an earlier run left open, in a sandbox of its own; a sentence for each thing done.
  Result<std::vector<std::string>> recover_confined(RecoveryScope scope);

  std::string root_;
  World world_;
  std::vector<std::string> recovered_;
  LastWord last_word_;
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

/// As `begin`, but only looking: no lock, no recovery, no root.
Result<World> looking_world(Context& context);

/// The outcome by a schema: "apply/2" or "rollback/1".
Json outcome_json(const std::string& schema, const std::string& status, const Plan& plan,
                  const Outcome* outcome);

/// 0 committed, 2 undone, 3 stuck; what went wrong is printed to stderr.
ExitStatus report_outcome(const Outcome& outcome);

}  // namespace advisor
