#pragma once

#include "load/proof.h"
#include "load/table_reader.h"

namespace advisor {

/// Reports what of a proof does not belong together; `node` is all of it, which `reader` has read.
void check_proof(const TomlNode& node, TableReader& reader, const Proof& proof,
                 DiagnosticSink& sink);

}  // namespace advisor
