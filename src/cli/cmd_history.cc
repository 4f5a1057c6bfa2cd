#include <fmt/format.h>

#include "apply/attribution.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/transaction_session.h"
#include "render/json_report.h"
#include "render/text_plan.h"

namespace advisor {
namespace {

/// Rounded up, so that 0 means that the time is over.
int64_t seconds_left(const World& world, const Transaction& transaction) {
  return std::chrono::ceil<std::chrono::seconds>(time_left(world, transaction)).count();
}

/// The state in words, with what happened to the transaction later.
std::string state_text(const World& world, const Transaction& transaction,
                       const std::vector<Transaction>& all) {
  if (transaction.state == TransactionState::kProvisional) {
    const int64_t seconds = seconds_left(world, transaction);
    if (seconds > 0) return fmt::format("provisional, {} s left to confirm it", seconds);
    return "provisional (not confirmed in time: the next apply or rollback undoes it)";
  }
  if (transaction.state == TransactionState::kCommitted && was_rolled_back(transaction, all)) {
    return "taken back later";
  }
  if (transaction.state == TransactionState::kPrepared) {
    return "prepared (under way, or cut off: the next apply or rollback undoes it)";
  }
  return name_of(transaction.state);
}

std::string history_text(const World& world, const std::vector<Transaction>& all,
                         const TextStyle& style) {
  if (all.empty()) return "no transactions\n";
  std::string text;
  for (const Transaction& transaction : all) {
    const std::string what = transaction.undoes ? "rollback of " + *transaction.undoes
                                                : "apply " + join(transaction.profiles, " + ");
    const std::string& netns = transaction.identity.named;
    const std::string where = netns.empty() ? "" : " in network namespace " + netns;
    text += fmt::format("{}  {}  {}{}  {}\n", painted(transaction.id, "1", style),
                        transaction.created, what, where, state_text(world, transaction, all));
    if (const auto& caller = transaction.caller)
      text += "  asked by " + caller_text(*caller) + "\n";
    if (const auto& ended_by = transaction.ended_by) {
      text += "  ended by " + caller_text(*ended_by) + "\n";
    }
    text += text_plan(transaction.plan, style);
    for (const std::string& left : transaction.plan.left) {
      text += "  not taken back: " + left + "\n";
    }
  }
  return text;
}

std::string history_json(const World& world, const std::vector<Transaction>& all) {
  Json::Array transactions;
  for (const Transaction& transaction : all) {
    const bool waits = transaction.state == TransactionState::kProvisional;
    const auto& deadline = transaction.deadline;
    const Json row =
        Json::Object{{"id", transaction.id},
                     {"state", name_of(transaction.state)},
                     {"taken_back", was_rolled_back(transaction, all)},
                     {"created", transaction.created},
                     {"profiles", Json::array_of(transaction.profiles)},
                     {"undoes", transaction.undoes ? Json(*transaction.undoes) : Json(nullptr)},
                     {"deadline", deadline ? Json(deadline->utc) : Json(nullptr)},
                     {"seconds_left", waits ? Json(seconds_left(world, transaction)) : Json()},
                     {"ended", transaction.ended ? Json(*transaction.ended) : Json(nullptr)},
                     {"changes", json_changes(transaction.plan.changes)},
                     {"moved", json_moved(transaction.plan)},
                     {"left", Json::array_of(transaction.plan.left)},
                     {"drop_in", json_file_change(transaction.plan.drop_in)},
                     {"caller", caller_json(transaction.caller)},
                     {"ended_by", caller_json(transaction.ended_by)}};
    const std::string& netns = transaction.identity.named;
    transactions.push_back(netns.empty() ? row : row.with("netns", netns));
  }
  return Json(Json::Object{{"schema", "sysctl-advisor/history/1"},
                           {"transactions", std::move(transactions)}})
      .dump();
}

ExitStatus run_history(Context& context) {
  auto all = Journal(context.files()).all();
  if (!all) return fail(all.error());
  const auto world = looking_world(context);
  if (!world) return fail(world.error());
  if (!context.request().netns.empty()) {
    keep_those_of(world->identity, *all);
  }
  const bool json = context.request().format == Format::kJson;
  return print(json ? history_json(*world, *all) : history_text(*world, *all, context.style()),
               ExitStatus::kNothing);
}

}  // namespace

const Command kHistoryCommand{
    .name = "history",
    .summary = "the transactions of this host, newest first; needs root",
    .example = "sudo sysctl-advisor history",
    .flags = "--format --netns",
    .formats = "text,json",
    .tolerates_bad_catalogue = true,
    .run = run_history,
};

}  // namespace advisor
