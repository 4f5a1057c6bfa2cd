#pragma once

#include <map>
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

/// What should stand by the transactions that nobody took back, the newest of each parameter: of
/// this boot and network namespace, and of earlier ones what is in our drop-in.
std::map<ParameterName, AppliedValue> applied_values(
    const std::vector<TransactionEntry>& newest_first, const HostIdentity& here);

/// Those that stand otherwise, by what `read` says; one that could not be read is among them.
std::vector<Deviation> deviations(const std::map<ParameterName, AppliedValue>& applied,
                                  const std::map<ParameterName, Reading>& now,
                                  const Catalogue& catalogue);

}  // namespace advisor
