#include "model/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

namespace advisor {

Error absent_parameter(const ParameterName& name) {
  return {ErrorKind::kNotFound,
          fmt::format("cannot read {}: this kernel, or this namespace, does not have it",
                      name.dotted()),
          ENOENT};
}

Reading Snapshot::reading(const ParameterName& name) const {
  const auto found = parameters.find(name);
  if (found != parameters.end()) return found->second;
  return Error{ErrorKind::kNotFound, fmt::format("{} was not read", name.dotted())};
}

const ParameterValue* Snapshot::value_of(const ParameterName& name) const {
  const auto found = parameters.find(name);
  return found != parameters.end() && found->second ? &*found->second : nullptr;
}

bool Snapshot::lacks(const ParameterName& name) const {
  const Reading answer = reading(name);
  if (answer || answer.error().kind != ErrorKind::kNotFound) return false;
  // An errno tells that the system was asked. If every reading failed, the tree itself is missing.
  return answer.error().os_error != 0 &&
         std::ranges::any_of(parameters, [](const auto& entry) { return bool(entry.second); });
}

}  // namespace advisor
