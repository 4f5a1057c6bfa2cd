#include <fmt/format.h>

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
    text += fmt::format("{}  {}  {}  {}\n", painted(transaction.id, "1", style),
                        transaction.created, what, state_text(world, transaction, all));
    text += text_plan(transaction.plan, style);
  }
  return text;
}

std::string history_json(const World& world, const std::vector<Transaction>& all) {
  Json::Array transactions;
  for (const Transaction& transaction : all) {
    const bool waits = transaction.state == TransactionState::kProvisional;
    const auto& deadline = transaction.deadline;
    transactions.push_back(
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
                     {"drop_in", json_file_change(transaction.plan.drop_in)}});
  }
  return Json(Json::Object{{"schema", "sysctl-advisor/history/1"},
                           {"transactions", std::move(transactions)}})
      .dump();
}

ExitStatus run_history(Context& context) {
  const auto all = Journal(context.files()).all();
  if (!all) return fail(all.error());
  const auto world = looking_world(context);
  if (!world) return fail(world.error());
  const bool json = context.options().format == "json";
  return print(json ? history_json(*world, *all) : history_text(*world, *all, context.style()),
               ExitStatus::kNothing);
}

}  // namespace

const Command kHistoryCommand{"history",
                              "the transactions of this host, newest first; needs root",
                              "sudo sysctl-advisor history",
                              "--format",
                              "text,json",
                              "",
                              0,
                              true,
                              run_history};

}  // namespace advisor
