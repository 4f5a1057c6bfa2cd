#pragma once

#include "load/parameter_knowledge.h"
#include "load/rule.h"

namespace advisor {

/// Reads one profiles/rules/<name>.toml. Wrong rules are left out and reported; what is returned
/// is complete only if no error was added to `diagnostics`.
RuleGroup parse_rule_group(const std::string& name, const SourceText& source,
                           const ParameterKnowledge& known, Diagnostics& diagnostics);

/// Reads [[rule]] entries that may speak of `options`.
std::vector<Rule> parse_rules(const std::vector<const TomlNode*>& nodes,
                              const std::map<std::string, OptionInfo>& options,
                              const ParameterKnowledge& known, DiagnosticSink& sink);

}  // namespace advisor
