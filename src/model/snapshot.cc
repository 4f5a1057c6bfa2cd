#include "model/snapshot.h"

#include <fmt/format.h>

namespace advisor {

Reading Snapshot::reading(const ParameterName& name) const {
  const auto found = parameters.find(name);
  if (found != parameters.end()) return found->second;
  return Error{ErrorKind::kNotFound, fmt::format("{} was not read", name.dotted())};
}

const ParameterValue* Snapshot::value_of(const ParameterName& name) const {
  const auto found = parameters.find(name);
  return found != parameters.end() && found->second ? &*found->second : nullptr;
}

}  // namespace advisor
