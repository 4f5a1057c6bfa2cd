#include "rules/namespace_scope.h"

#include <fmt/format.h>

namespace advisor {
namespace {

/// Of what is not in the catalogue only the name can tell.
bool is_per_network_namespace(const ParameterName& name, const ParameterInfo* info) {
  return info ? info->per == ParameterNamespace::kNet : name.dotted().starts_with("net.");
}

}  // namespace

std::vector<std::string> outside_of_namespace(const std::vector<Change>& changes,
                                              const Catalogue& catalogue,
                                              const std::string& network_namespace) {
  std::vector<std::string> sentences;
  for (const Change& change : changes) {
    const ParameterName& name = change.parameter;
    if (is_per_network_namespace(name, catalogue.find(name))) continue;
    sentences.push_back(fmt::format(
        "{} belongs to the whole host and not to network namespace {}: change it without --netns, "
        "or leave it out with --skip {}",
        name.dotted(), network_namespace, name.dotted()));
  }
  return sentences;
}

}  // namespace advisor
