#include "model/snapshot.h"

#include <fmt/format.h>

namespace advisor {

Reading Snapshot::reading(const ParameterName& name) const {
  const auto found = parameters.find(name);
  if (found != parameters.end()) return found->second;
  return Error{ErrorKind::kNotFound, fmt::format("{} was not read", name.dotted())};
}

}  // namespace advisor
