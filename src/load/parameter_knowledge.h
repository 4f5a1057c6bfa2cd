#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

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
  /// Parameters through which the kernel runs programs and that the configuration allows to be set.
  std::set<ParameterName> code_allowed = {};
};

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

}  // namespace advisor
