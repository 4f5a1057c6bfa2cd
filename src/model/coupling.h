#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/catalogue.h"

namespace advisor {

/// How the value that one parameter is given stands to what another one is set to.
enum class CouplingRelation {
  kNotAbove,      ///< none of its numbers is above any of the other's
  kNotBelow,      ///< none of its numbers is below any of the other's
  kRefusedWhile,  ///< the other one is none of some numbers, whatever the value
};

/// What the kernel looks at, besides the value, before it takes a write.
struct Coupling {
  ParameterName parameter;  ///< that is written
  ParameterName other;      ///< that it looks at
  CouplingRelation relation = CouplingRelation::kNotAbove;
  std::vector<int64_t> numbers;  ///< of kRefusedWhile: those that the other one must not be
  /// False: the kernel takes any value, and then refuses what the other one is set to.
  bool checked = true;

  /// Whether `value` goes with what the other one is set to. What is no number goes with anything.
  bool allows(const ParameterValue& value, const ParameterValue& other_value) const;
};

/// The value of a parameter as it stands. Nothing if it could not be read: a write that the kernel
/// holds against it is then taken to be accepted.
using StandingValues = std::function<std::optional<ParameterValue>(const ParameterName&)>;

/// The same as seen at one time: each parameter is asked for once.
StandingValues remembered(StandingValues standing);

/// "the kernel takes nothing below net.ipv4.ip_unprivileged_port_start, which is 1024".
std::string why_refused(const Coupling& coupling, const ParameterValue& other_value,
                        bool other_changes = false);

/// What the catalogue says of writes to this parameter.
std::vector<Coupling> couplings_of(const Catalogue& catalogue, const ParameterName& name);

/// The parameters that those of `names` are coupled with, and in turn what these are coupled with;
/// none of `names` itself.
std::set<ParameterName> siblings_of(const Catalogue& catalogue,
                                    const std::set<ParameterName>& names);

}  // namespace advisor
