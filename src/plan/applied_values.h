#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/host_status.h"

namespace advisor {

/// What a transaction gave a parameter.
struct AppliedValue {
  std::string transaction;
  ParameterValue value;
};

/// What should stand by the transactions that nobody took back, provisional ones too, the newest of
/// each parameter: of this boot and network namespace, and of earlier ones what is in our drop-in.
std::map<ParameterName, AppliedValue> applied_values(
    const std::vector<TransactionEntry>& newest_first, const HostIdentity& here,
    const std::set<ParameterName>& in_drop_in);

/// Those that stand otherwise; one that could not be read is among them, and one that is gone, with
/// its interface for instance, is not.
std::vector<Deviation> deviations(const std::map<ParameterName, AppliedValue>& applied,
                                  const std::map<ParameterName, Reading>& now,
                                  const Catalogue& catalogue);

}  // namespace advisor
