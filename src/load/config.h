#pragma once

#include <set>

#include "load/parameter_knowledge.h"
#include "model/finding.h"

namespace advisor {

/// What the administrator has laid down for this host: /etc/sysctl-advisor/config.toml.
struct Config {
  std::vector<Suppression> suppressions;  ///< those that hold today
  /// Parameters through which programs are run, and that a profile may set all the same.
  std::set<ParameterName> code_allowed = {};
};

/// Reads the configuration. `today` is a date such as 2026-11-23; a suppression that has run out
/// is left out, with a warning. What is returned is complete only if no error was added to
/// `diagnostics`.
Config parse_config(const SourceText& source, const ParameterKnowledge& known,
                    const std::string& today, Diagnostics& diagnostics);

}  // namespace advisor
