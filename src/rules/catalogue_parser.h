#pragma once

#include "model/catalogue.h"
#include "rules/table_reader.h"

namespace advisor {

/// Adds the rows of one profiles/parameters/*.toml to the catalogue. Wrong rows are left out and
/// reported.
void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace advisor
