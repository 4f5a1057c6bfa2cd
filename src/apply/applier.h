#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/transaction.h"

namespace advisor {

/// What the plan was made for must still stand: Stale if it does not.
Status check_fresh(const World& world, const Plan& plan);

/// `why`, as ReadOnly if old values cannot be kept on disk, for want of room, right or descriptor.
Error no_journal(Error why);

/// Carries out a plan as one transaction. The caller holds the lock and has recovered what was
/// open. An Error means that nothing was changed: the host moved since the plan was made (Stale),
/// or making the journal durable failed (ReadOnly). With a deadline it ends Provisional; the caller
/// sees to it that somebody waits for the deadline.
Result<Outcome> carry_out(World& world, const Plan& plan, std::vector<std::string> profiles,
                          std::optional<std::string> undoes = std::nullopt,
                          std::optional<Deadline> deadline = std::nullopt);

}  // namespace advisor
