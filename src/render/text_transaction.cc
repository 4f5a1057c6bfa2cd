#include "render/text_transaction.h"

#include <fmt/format.h>

#include "base/text.h"
#include "plan/not_reached.h"
#include "plan/persistence_words.h"
#include "render/text_boot.h"
#include "render/text_plan.h"
#include "sysctld/drop_in.h"

namespace advisor {
namespace {

/// What no line of ours sets for the next boot.
std::string notes_text(const Proposal& proposal, bool is_done, const TextStyle& style) {
  if (!proposal.boot) return {};
  return text_notes(boot_notes(*proposal.boot, kDropInPath, is_done), style);
}

std::string old_values_text(const Transaction& transaction, const TextStyle& style) {
  return wrapped(transaction_directory(transaction.id) + "/rollback.conf holds the old values",
                 style.width, "  ");
}

std::string provisional_text(const Transaction& transaction, const std::string& netns,
                             std::chrono::milliseconds within, const TextStyle& style) {
  constexpr size_t kTimeAt = 11;  // behind "2026-11-22T"
  constexpr size_t kTimeLength = 8;
  return wrapped(fmt::format("transaction {} is provisional until {} UTC ({:g} s): `sudo "
                             "sysctl-advisor confirm` keeps it",
                             transaction.id, transaction.deadline->utc.substr(kTimeAt, kTimeLength),
                             double(within.count()) / 1000),
                 style.width, "") +
         wrapped(fmt::format("otherwise everything is put back then; `sudo sysctl-advisor "
                             "rollback{}` does so at once",
                             netns_option(netns)),
                 style.width, "  ") +
         old_values_text(transaction, style);
}

std::string entry_text(const TransactionEntry& entry, const TextStyle& style) {
  const Transaction& transaction = entry.transaction;
  const std::string what = transaction.undoes ? "rollback of " + *transaction.undoes
                                              : "apply " + join(transaction.profiles, " + ");
  const std::string& netns = transaction.identity.named;
  const std::string where = netns.empty() ? "" : " in network namespace " + netns;
  std::string text = fmt::format("{}  {}  {}{}\n", painted(transaction.id, "1", style),
                                 transaction.created, what, where);
  const auto add = [&](const std::string& sentence) {
    text += wrapped(sentence, style.width, "  ");
  };
  add(state_words(entry));
  if (const auto& caller = transaction.caller) add("asked by " + caller_text(*caller));
  if (const auto& ended_by = transaction.ended_by) add("ended by " + caller_text(*ended_by));
  text += text_plan(transaction.plan, style);
  for (const std::string& left : transaction.plan.left) {
    add("not taken back: " + left);
  }
  return text;
}

}  // namespace

std::string state_words(const TransactionEntry& entry) {
  const Transaction& transaction = entry.transaction;
  switch (transaction.state) {
    case TransactionState::kPrepared:
      return "prepared (under way, or cut off: the next apply or rollback undoes it)";
    case TransactionState::kProvisional:
      if (entry.seconds_left > 0) {
        return fmt::format("provisional, {} s left to confirm it", entry.seconds_left);
      }
      return "provisional (not confirmed in time: the next apply or rollback undoes it)";
    case TransactionState::kCommitted:
      return entry.taken_back ? "committed, and taken back since" : "committed";
    case TransactionState::kRolledBack:
      // Times of one form compare as texts.
      if (!transaction.deadline) return "rolled back, since it failed or was cut off";
      return transaction.ended.value_or("") < transaction.deadline->utc
                 ? "rolled back before it was confirmed"
                 : "rolled back, since nobody confirmed it in time";
    case TransactionState::kStuck:
      break;
  }
  return "stuck: a part of it could not be put back";
}

std::string text_not_reached(const std::vector<Change>& changes, const Catalogue& catalogue,
                             const TextStyle& style) {
  std::string text;
  for (const std::string& sentence : not_reached_yet(changes, catalogue)) {
    text += wrapped(sentence, style.width, "  ");
  }
  return text;
}

std::string text_proposal(const Proposal& proposal, const std::string& netns,
                          const TextStyle& style) {
  const std::string besides =
      text_left_out(proposal.left_out, style) + notes_text(proposal, false, style);
  if (proposal.plan.empty()) return "nothing to change\n" + besides;
  return text_plan(proposal.plan, style) +
         (netns.empty() ? "" : "  in network namespace " + netns + ", at run time only\n") +
         besides + (proposal.boot ? text_boot(*proposal.boot, style) : "");
}

std::string text_applied(const Proposal& proposal, const Outcome& outcome, const std::string& netns,
                         std::optional<std::chrono::milliseconds> confirm_within,
                         const Catalogue& catalogue, const TextStyle& style) {
  const Transaction& transaction = outcome.transaction;
  const std::string changed = text_plan(transaction.plan, style);
  const std::string besides = text_not_reached(transaction.plan.changes, catalogue, style) +
                              text_left_out(proposal.left_out, style) +
                              notes_text(proposal, true, style);
  if (transaction.state == TransactionState::kProvisional && confirm_within) {
    return changed + provisional_text(transaction, netns, *confirm_within, style) + besides;
  }
  if (transaction.state != TransactionState::kCommitted) return {};
  return changed +
         wrapped(
             fmt::format("done, as transaction {0}; `sysctl-advisor rollback {0}{1}` takes it back",
                         transaction.id, netns_option(netns)),
             style.width, "") +
         old_values_text(transaction, style) + besides;
}

std::string text_history(const std::vector<TransactionEntry>& newest_first,
                         const TextStyle& style) {
  if (newest_first.empty()) return "no transactions\n";
  std::string text;
  for (const TransactionEntry& entry : newest_first) text += entry_text(entry, style);
  return text;
}

}  // namespace advisor
