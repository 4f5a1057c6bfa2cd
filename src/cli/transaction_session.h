#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apply/applier.h"
#include "base/json.h"
#include "cli/context.h"
#include "os/signals.h"

namespace advisor {

/// The right to change this host: root, the lock, and nothing left open by an earlier run. Held as
/// long as it lives.
class TransactionSession {
 public:
  /// An Error if there is no such right; nothing was changed then, except that an earlier
  /// transaction that had been cut off may have been undone.
  static Result<std::unique_ptr<TransactionSession>> begin(Context& context);

  World& world() { return world_; }
  /// Carries out the plan, in a sandbox in which nothing else can be written. From then on the
  /// process is in it, and if anything was done no signal ends it before it has said what.
  Result<Outcome> carry_out(const Plan& plan, std::vector<std::string> profiles,
                            std::optional<std::string> undoes = std::nullopt);

 private:
  TransactionSession(Context& context, HostIdentity identity);

  /// Enters the sandbox for these plans.
  Status confine(const std::vector<Plan>& plans) const;
  /// Undoes what an earlier run left open, in a sandbox of its own; a sentence for each thing done.
  Result<std::vector<std::string>> recover_confined();

  std::string root_;
  World world_;
  LastWord last_word_;
  std::optional<SignalHold> hold_;
  std::unique_ptr<Lock> lock_;
};

/// An Error if this user may not change this host.
Status check_permission(const Context& context);

/// As `begin`, but only looking: no lock, no recovery, no root.
Result<World> looking_world(Context& context);

/// The outcome as schema "sysctl-advisor/apply/1" or "sysctl-advisor/rollback/1".
Json outcome_json(const std::string& kind, const std::string& status, const Plan& plan,
                  const Outcome* outcome);

/// 0 committed, 2 undone, 3 stuck; what went wrong is printed to stderr.
ExitStatus report_outcome(const Outcome& outcome);

}  // namespace advisor
