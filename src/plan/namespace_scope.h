#pragma once

#include <optional>
#include <string>

#include "model/catalogue.h"

namespace advisor {

/// Why a change that is meant for one network namespace must not be made: the parameter belongs to
/// the whole host. Nothing if the parameter belongs to the namespace.
std::optional<std::string> why_outside_of_namespace(const ParameterName& name,
                                                    const Catalogue& catalogue,
                                                    const std::string& network_namespace);

}  // namespace advisor
