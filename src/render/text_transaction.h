#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/transaction.h"
#include "plan/proposal.h"
#include "render/style.h"

namespace advisor {

/// What is to be carried out, and what becomes of it at boot. `netns` is what --netns said.
std::string text_proposal(const Proposal& proposal, const std::string& netns,
                          const TextStyle& style);

/// What of the changes that were made is not reached yet; empty if all is.
std::string text_not_reached(const std::vector<Change>& changes, const Catalogue& catalogue,
                             const TextStyle& style);

/// What was changed, from what to what, and how it is taken back. `confirm_within` is set if it is
/// provisional.
std::string text_applied(const Proposal& proposal, const Outcome& outcome, const std::string& netns,
                         std::optional<std::chrono::milliseconds> confirm_within,
                         const Catalogue& catalogue, const TextStyle& style);

/// "committed", "provisional, 42 s left to confirm it".
std::string state_words(const TransactionEntry& entry);

/// The transactions of a host, a paragraph each.
std::string text_history(const std::vector<TransactionEntry>& newest_first, const TextStyle& style);

}  // namespace advisor
