#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/transaction.h"
#include "plan/proposal.h"

namespace advisor {

/// What came of a plan, as schema "sysctl-advisor/apply/2". `outcome` is null if it was not carried
/// out; `netns` is what --netns said.
Json json_applied(const Proposal& proposal, const std::string& status, const Outcome* outcome,
                  const std::string& netns);

/// The same by another schema, such as "rollback/1", which has its own members besides.
Json json_outcome(const std::string& schema, const std::string& status, const Plan& plan,
                  const Outcome* outcome);

/// Schema "sysctl-advisor/confirm/1".
Json json_confirmed(const Transaction& transaction);

/// One transaction, as `history` and `status` hold it.
Json json_entry(const TransactionEntry& entry);

/// Schema "sysctl-advisor/history/1".
Json json_history(const std::vector<TransactionEntry>& newest_first);

}  // namespace advisor
