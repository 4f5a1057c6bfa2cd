#include "plan/applied_values.h"

#include "model/typed_value.h"

namespace advisor {
namespace {

/// Whether it changed this network namespace in this boot: a boot ends that, unless our drop-in
/// brings it back.
bool is_of_here(const Transaction& transaction, const HostIdentity& here) {
  const HostIdentity& there = transaction.identity;
  return there.boot_id == here.boot_id &&
         may_be_same_namespace(there.network_namespace, here.network_namespace);
}

}  // namespace

std::map<ParameterName, AppliedValue> applied_values(
    const std::vector<TransactionEntry>& newest_first, const HostIdentity& here,
    const std::set<ParameterName>& in_drop_in) {
  std::map<ParameterName, AppliedValue> applied;
  for (const TransactionEntry& entry : newest_first) {
    const Transaction& transaction = entry.transaction;
    const bool made = transaction.state == TransactionState::kCommitted ||
                      transaction.state == TransactionState::kProvisional;
    const bool stands = made && !entry.taken_back && !transaction.undoes;
    if (!stands) continue;
    const bool now = is_of_here(transaction, here);
    const bool kept = transaction.plan.drop_in && transaction.identity.named.empty();
    for (const Change& change : transaction.plan.changes) {
      if (!now && !(kept && in_drop_in.contains(change.parameter))) continue;
      applied.try_emplace(change.parameter, AppliedValue{transaction.id, change.after});
    }
  }
  return applied;
}

std::vector<Deviation> deviations(const std::map<ParameterName, AppliedValue>& applied,
                                  const std::map<ParameterName, Reading>& now,
                                  const Catalogue& catalogue) {
  std::vector<Deviation> found;
  for (const auto& [parameter, set] : applied) {
    const auto reading = now.find(parameter);
    if (reading == now.end()) continue;
    if (!reading->second && reading->second.error().kind == ErrorKind::kNotFound) continue;
    const bool stands =
        reading->second && same_value(catalogue.find(parameter), *reading->second, set.value);
    if (!stands) found.push_back({set.transaction, parameter, set.value, reading->second});
  }
  return found;
}

}  // namespace advisor
