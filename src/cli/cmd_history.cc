#include <fmt/format.h>

#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "render/json_report.h"
#include "render/text_plan.h"

namespace advisor {
namespace {

/// The state in words, with what happened to the transaction later.
std::string state_text(const Transaction& transaction, const std::vector<Transaction>& all) {
  if (transaction.state == TransactionState::kCommitted && was_rolled_back(transaction, all)) {
    return "taken back later";
  }
  if (transaction.state == TransactionState::kPrepared) {
    return "prepared (under way, or cut off: the next apply or rollback undoes it)";
  }
  return name_of(transaction.state);
}

std::string history_text(const std::vector<Transaction>& all, const TextStyle& style) {
  if (all.empty()) return "no transactions\n";
  std::string text;
  for (const Transaction& transaction : all) {
    const std::string what = transaction.undoes ? "rollback of " + *transaction.undoes
                                                : "apply " + join(transaction.profiles, " + ");
    const std::string& netns = transaction.identity.named;
    const std::string where = netns.empty() ? "" : " in network namespace " + netns;
    text += fmt::format("{}  {}  {}{}  {}\n", painted(transaction.id, "1", style),
                        transaction.created, what, where, state_text(transaction, all));
    text += text_plan(transaction.plan, style);
  }
  return text;
}

std::string history_json(const std::vector<Transaction>& all) {
  Json::Array transactions;
  for (const Transaction& transaction : all) {
    const Json row =
        Json::Object{{"id", transaction.id},
                     {"state", name_of(transaction.state)},
                     {"taken_back", was_rolled_back(transaction, all)},
                     {"created", transaction.created},
                     {"profiles", Json::array_of(transaction.profiles)},
                     {"undoes", transaction.undoes ? Json(*transaction.undoes) : Json(nullptr)},
                     {"changes", json_changes(transaction.plan.changes)},
                     {"drop_in", json_file_change(transaction.plan.drop_in)}};
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
  if (!context.options().netns.empty()) {
    const auto identity = identify_host();
    if (!identity) return fail(identity.error());
    keep_those_of(*identity, *all);
  }
  const bool json = context.options().format == "json";
  return print(json ? history_json(*all) : history_text(*all, context.style()),
               ExitStatus::kNothing);
}

}  // namespace

const Command kHistoryCommand{"history",
                              "the transactions of this host, newest first; needs root",
                              "sudo sysctl-advisor history",
                              "--format --netns",
                              "text,json",
                              "",
                              0,
                              true,
                              run_history};

}  // namespace advisor
