#include "plan/namespace_scope.h"

#include <fmt/format.h>

namespace advisor {
namespace {

/// For a parameter that the catalogue lacks, the name has to tell.
bool is_per_network_namespace(const ParameterName& name, const ParameterInfo* info) {
  return info ? info->per == ParameterNamespace::kNet : name.dotted().starts_with("net.");
}

}  // namespace

std::optional<std::string> why_outside_of_namespace(const ParameterName& name,
                                                    const Catalogue& catalogue,
                                                    const std::string& network_namespace) {
  if (is_per_network_namespace(name, catalogue.find(name))) return std::nullopt;
  return fmt::format(
      "{} belongs to the whole host and not to network namespace {}: change it without --netns",
      name.dotted(), network_namespace);
}

}  // namespace advisor
