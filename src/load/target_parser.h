#pragma once

#include <optional>
#include <vector>

#include "load/expression_reader.h"
#include "load/parameter_knowledge.h"
#include "load/rule.h"
#include "load/table_reader.h"
#include "model/catalogue.h"
#include "model/snapshot.h"

namespace advisor {

/// Reads the demand on `parameter` ({ at_least = 1 }) through `reader`, which may hold other
/// entries too. Written values are checked against the catalogue here, computed ones are typed.
std::optional<Target> parse_target(const ParameterName& parameter, TableReader& reader,
                                   const SourceLocation& where, const ParameterKnowledge& known,
                                   const expr::Scope& scope, DiagnosticSink& sink);

/// Asks for every demand, so that none is reported as an unknown entry when the parameter is wrong.
void ignore_demands(TableReader& reader);

/// The demands in the entry "requires" of a rule or target, by parameter.
std::vector<Target> parse_requirements(TableReader& reader, const ParameterKnowledge& known,
                                       const expr::Scope& scope, DiagnosticSink& sink);

/// The operands of a demand: one value, or a list of them for one_of.
std::optional<std::vector<Operand>> parse_operands(const ParameterInfo& info, Relation relation,
                                                   const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink);

}  // namespace advisor
