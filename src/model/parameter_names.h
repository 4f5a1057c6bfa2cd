#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/parameter.h"
#include "model/snapshot.h"

namespace advisor {

/// Which parameters a host has, by whatever tells it: the kernel, a copied tree, or a snapshot.
class ParameterNames {
 public:
  virtual ~ParameterNames() = default;
  virtual Result<Presence> presence_of(const ParameterName& name) const = 0;
  /// All parameters whose path below /proc/sys matches a glob(7) pattern, such as
  /// "net/ipv4/conf/*/rp_filter", in order.
  virtual Result<std::vector<ParameterName>> matching(const std::string& pattern) const = 0;
};

}  // namespace advisor
