#pragma once

#include <optional>
#include <vector>

#include "model/catalogue.h"

namespace advisor {

/// Whether a write to `leader` changes `other`: by another name of the same variable, by moving it
/// along, or by resetting it.
bool writes_too(const ParameterInfo& leader, const ParameterName& other);

/// What a write to one parameter does to another one.
struct SideWrite {
  bool writes = false;                  ///< if not, this value leaves the other one alone
  std::optional<ParameterValue> value;  ///< what that becomes; nothing: it cannot be told
};

/// What becomes of `before`, the value of the parameter `name`, once its leader is set to `value`.
/// `leader_before` is what the leader was set to: some move others only if they change. `other` is
/// the row of `name`, or null.
SideWrite side_write(const ParameterInfo& leader,
                     const std::optional<ParameterValue>& leader_before,
                     const ParameterValue& value, const ParameterInfo* other,
                     const ParameterName& name, const std::optional<ParameterValue>& before);

/// The other names of the variable that `parameter` names: each of them moves the other one.
std::vector<ParameterName> other_names_of(const ParameterName& parameter,
                                          const Catalogue& catalogue);

}  // namespace advisor
