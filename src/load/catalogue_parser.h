#pragma once

#include "load/table_reader.h"
#include "model/catalogue.h"

namespace advisor {

/// Adds the rows of one profiles/parameters/*.toml to the catalogue. Wrong rows, and the second one
/// of a parameter, are left out and reported.
void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics);

/// Reports rows of administrators' files for parameters that have a shipped row as well.
void report_shipped_rows_named_again(const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace advisor
