#include "render/json_transaction.h"

#include "render/json_boot.h"
#include "render/json_report.h"

namespace advisor {
Json json_entry(const TransactionEntry& entry) {
  const Transaction& transaction = entry.transaction;
  const bool waits = transaction.state == TransactionState::kProvisional;
  const auto& deadline = transaction.deadline;
  const Json row =
      Json::Object{{"id", transaction.id},
                   {"state", name_of(transaction.state)},
                   {"taken_back", entry.taken_back},
                   {"created", transaction.created},
                   {"profiles", Json::array_of(transaction.profiles)},
                   {"undoes", transaction.undoes ? Json(*transaction.undoes) : Json(nullptr)},
                   {"deadline", deadline ? Json(deadline->utc) : Json(nullptr)},
                   {"seconds_left", waits ? Json(entry.seconds_left) : Json()},
                   {"ended", transaction.ended ? Json(*transaction.ended) : Json(nullptr)},
                   {"changes", json_changes(transaction.plan.changes)},
                   {"moved", json_moved(transaction.plan)},
                   {"left", Json::array_of(transaction.plan.left)},
                   {"drop_in", json_file_change(transaction.plan.drop_in)},
                   {"caller", caller_json(transaction.caller)},
                   {"ended_by", caller_json(transaction.ended_by)}};
  const std::string& netns = transaction.identity.named;
  return netns.empty() ? row : row.with("netns", netns);
}

Json json_outcome(const std::string& schema, const std::string& status, const Plan& plan,
                  const Outcome* outcome) {
  const std::string id = outcome ? outcome->transaction.id : "";
  return Json::Object{
      {"schema", "sysctl-advisor/" + schema},
      {"status", status},
      {"transaction", Json::text_or_null(id)},
      {"rollback_file",
       Json::text_or_null(id.empty() ? "" : transaction_directory(id) + "/rollback.conf")},
      {"changes", json_changes(plan.changes)},
      {"moved", json_moved(outcome ? outcome->transaction.plan : plan)},
      {"drop_in", json_file_change(plan.drop_in)},
      {"problems", Json::array_of(outcome ? outcome->problems : std::vector<std::string>())},
      {"commands", Json::array_of(outcome ? outcome->commands : std::vector<std::string>())}};
}

Json json_applied(const Proposal& proposal, const std::string& status, const Outcome* outcome,
                  const std::string& netns) {
  const bool waits = outcome && outcome->transaction.deadline;
  const Json json =
      json_outcome("apply/2", status, proposal.plan, outcome)
          .with("deadline", waits ? Json(outcome->transaction.deadline->utc) : Json(nullptr))
          .with("boot", json_boot(proposal.boot))
          .with("other_writers", json_other_writers(proposal.others))
          .with("left_out", json_left_out(proposal.left_out));
  return netns.empty() ? json : json.with("netns", netns);
}

Json json_confirmed(const Transaction& transaction) {
  return Json::Object{{"schema", "sysctl-advisor/confirm/1"},
                      {"status", name_of(TransactionState::kCommitted)},
                      {"transaction", transaction.id},
                      {"changes", json_changes(transaction.plan.changes)},
                      {"drop_in", json_file_change(transaction.plan.drop_in)}};
}

Json json_history(const std::vector<TransactionEntry>& newest_first) {
  Json::Array transactions;
  for (const TransactionEntry& entry : newest_first) transactions.push_back(json_entry(entry));
  return Json::Object{{"schema", "sysctl-advisor/history/1"},
                      {"transactions", std::move(transactions)}};
}

}  // namespace advisor
