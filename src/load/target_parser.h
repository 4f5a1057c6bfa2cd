#pragma once

#include <functional>

#include "load/rule.h"
#include "load/table_reader.h"
#include "model/catalogue.h"
#include "model/snapshot.h"

namespace advisor {

/// What is known of parameters while rules and profiles are read.
struct ParameterKnowledge {
  const Catalogue& catalogue;
  /// Whether this host has a parameter that the catalogue does not know.
  std::function<Result<Presence>(const ParameterName&)> on_this_host;
  /// All parameters of this host that a name with `*` for a segment speaks of.
  std::function<Result<std::vector<ParameterName>>(const ParameterName&)> matching =
      [](const auto&) { return std::vector<ParameterName>(); };
  /// Through which the kernel runs programs, and which the configuration allows to be set.
  std::set<ParameterName> code_allowed = {};
};

/// Compiles the expression that the text node holds; a failure becomes a diagnostic at the very
/// character.
std::optional<expr::Expression> compile_expression(const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink);

/// As compile_expression, for one that must be true or false.
std::optional<expr::Expression> compile_condition(const TomlNode& node, const expr::Scope& scope,
                                                  DiagnosticSink& sink);

/// As compile_expression, for a sentence with expressions in braces.
std::optional<expr::Message> compile_message(const TomlNode& node, const expr::Scope& scope,
                                             DiagnosticSink& sink);

/// The value of an option as it is written; nothing for a list or a table.
std::optional<expr::Value> scalar_value(const TomlNode& node, DiagnosticSink& sink);

/// The parameter that a text names. One that neither the catalogue nor this host knows is reported
/// with the nearest known name.
std::optional<ParameterName> known_name(const std::string& text, const SourceLocation& where,
                                        const ParameterKnowledge& known, DiagnosticSink& sink);

/// As known_name, for a parameter that a profile may set: one that can be read and written, and
/// names no program. The name may hold `*` for a segment.
std::optional<ParameterName> parse_known_parameter(const std::string& text,
                                                   const SourceLocation& where,
                                                   const ParameterKnowledge& known,
                                                   DiagnosticSink& sink);

/// The target itself; of one whose parameter holds `*` for a segment, one for each parameter of
/// this host that it speaks of, which may be none. If that cannot be told `diagnostics` says so.
std::vector<Target> for_each_match(const Target& target, const ParameterKnowledge& known,
                                   Diagnostics& diagnostics);

/// Reads the demand on `parameter` ({ at_least = 1 }) through `reader`, which may hold other
/// entries too. Written values are checked against the catalogue here, computed ones are typed.
std::optional<Target> parse_target(const ParameterName& parameter, TableReader& reader,
                                   const SourceLocation& where, const ParameterKnowledge& known,
                                   const expr::Scope& scope, DiagnosticSink& sink);

/// Asks for every demand, so that none is reported as an unknown entry where the parameter is.
void ignore_demands(TableReader& reader);

/// The demands in the entry "requires" of a rule or target, by parameter.
std::vector<Target> parse_requirements(TableReader& reader, const ParameterKnowledge& known,
                                       const expr::Scope& scope, DiagnosticSink& sink);

/// The operands of a demand: one value, or a list of them for one_of.
std::optional<std::vector<Operand>> parse_operands(const ParameterInfo& info, Relation relation,
                                                   const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink);

}  // namespace advisor
