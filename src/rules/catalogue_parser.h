#pragma once

#include "model/catalogue.h"
#include "rules/toml_node.h"

namespace advisor {

/// Adds the rows of one profiles/parameters/*.toml to the catalogue. Wrong rows are left out and
/// reported.
void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace advisor
