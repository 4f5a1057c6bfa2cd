#pragma once

#include "model/catalogue.h"
#include "rules/table_reader.h"

namespace advisor {

/// Adds the rows of one profiles/parameters/*.toml to the catalogue. Wrong rows are left out and
/// reported.
void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics);

/// The row that one entry of such a file holds, for the parameter of that name.
ParameterInfo parse_parameter(const TomlEntry& entry, const ParameterName& name,
                              DiagnosticSink& sink);

/// The rows of a file that the build has parsed and checked, each made when it is asked for.
std::shared_ptr<const ParameterSource> preparsed_catalogue(const SourceText& source);

}  // namespace advisor
