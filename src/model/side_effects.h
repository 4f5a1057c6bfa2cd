#pragma once

#include <string>
#include <vector>

#include "model/catalogue.h"

namespace advisor {

/// The parameters that a write to `name` may change along with it, as dotted patterns in which `*`
/// stands for a segment: what the catalogue says, and the same parameter of other interfaces where
/// `name` speaks for all of them or for new ones. May match `name` itself.
std::vector<std::string> moved_patterns(const Catalogue& catalogue, const ParameterName& name);

/// Whether a write to `leader` may change `other`.
bool may_move(const Catalogue& catalogue, const ParameterName& leader, const ParameterName& other);

/// Whether the two are forms of one setting, of which only one can be set.
bool exclude_each_other(const Catalogue& catalogue, const ParameterName& a, const ParameterName& b);

}  // namespace advisor
