#include "plan/applied_values.h"

#include "model/typed_value.h"

namespace advisor {
namespace {

/// Whether what it changed at run time is still to be expected: a boot ends that, unless the files
/// bring it back.
bool lasts(const Transaction& transaction, const HostIdentity& here) {
  const HostIdentity& there = transaction.identity;
  const bool same_boot = there.boot_id == here.boot_id &&
                         may_be_same_namespace(there.network_namespace, here.network_namespace);
  return same_boot || (transaction.plan.drop_in && there.named.empty());
}

}  // namespace

std::map<ParameterName, AppliedValue> applied_values(
    const std::vector<TransactionEntry>& newest_first, const HostIdentity& here) {
  std::map<ParameterName, AppliedValue> applied;
  for (const TransactionEntry& entry : newest_first) {
    const Transaction& transaction = entry.transaction;
    const bool stands = transaction.state == TransactionState::kCommitted && !entry.taken_back &&
                        !transaction.undoes;
    if (!stands || !lasts(transaction, here)) continue;
    for (const Change& change : transaction.plan.changes) {
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
    const bool stands =
        reading->second && same_value(catalogue.find(parameter), *reading->second, set.value);
    if (!stands) found.push_back({set.transaction, parameter, set.value, reading->second});
  }
  return found;
}

}  // namespace advisor
