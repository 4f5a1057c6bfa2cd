#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/parameter_knowledge.h"
#include "load/rule.h"

namespace advisor {

/// A plain wish of a profile, not tied to a condition.
struct PlainTarget {
  Target target;
  std::vector<Target> requires_;  ///< what is to be set before it
  Severity severity = Severity::kNote;
  SharedText because;                    ///< empty: the meaning of the parameter has to do
  std::optional<expr::Expression> when;  ///< on which hosts; nothing: on all
  bool if_present = false;               ///< a kernel that lacks the parameter is fine as it is
  std::vector<SharedText> controls;      ///< of benchmarks that ask for the same
  SharedText profile;                    ///< who wishes it
  /// The name with `*` that it was written with; empty: it was written as it is.
  SharedText family = {};
};

/// One file profiles/<name>.toml as it is written.
struct Profile {
  struct OptionSetting {
    std::string name;
    expr::Value value;
    SourceLocation where;
  };
  struct Reference {
    std::string name;
    SourceLocation where;
  };

  std::string name;
  std::string summary;
  std::vector<Reference> extends;
  std::vector<Reference> rules;    ///< groups
  std::vector<Reference> disable;  ///< rule ids
  std::vector<OptionSetting> options;
  std::vector<PlainTarget> targets;
  std::vector<TomlNode> rule_nodes;  ///< rules of its own, or in place of those of its groups
  /// The condition under which the load speaks for this profile; nothing: it never does.
  std::optional<expr::Expression> recommend_when;
  std::string file;
};

/// Reads a profile. What is returned is complete only if no error was added to `diagnostics`.
Profile parse_profile(const SourceText& source, const ParameterKnowledge& known,
                      Diagnostics& diagnostics);

}  // namespace advisor
