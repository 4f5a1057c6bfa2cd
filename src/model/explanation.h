#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/finding.h"
#include "model/lint.h"
#include "model/persistent.h"
#include "model/snapshot.h"

namespace advisor {

/// How the running kernel stands to a parameter, by its version.
enum class KernelSupport {
  kPresent,  ///< nothing else is known
  kNotYet,   ///< a later kernel brought it
  kInert,    ///< it is there and does nothing
  kDropped,  ///< an earlier kernel was the last to have it
};

/// One rule or plain target: how it is written, and what it says of this host.
struct RuleExplanation {
  struct Option {
    std::string name;
    std::string value;
    SharedText meaning;
  };
  struct ParameterNow {
    ParameterName parameter;
    Reading now;
  };

  struct RuleProof {
    std::string id;
    std::string says;
  };

  Finding finding;
  std::string group;       ///< its rule file; empty for a target
  bool in_profile = true;  ///< if not, it was judged with the options that its group has by itself
  std::vector<std::string> applies;       ///< conditions under which it says anything at all
  std::string condition;                  ///< empty: none, it holds on any host
  std::string critical_when;              ///< empty: it never gets worse than its severity
  std::vector<Option> options;            ///< that it reads
  std::vector<std::string> targets;       ///< "net.core.somaxconn at least 4096"
  std::vector<std::string> requirements;  ///< likewise
  std::vector<ParameterNow> parameters;   ///< that it speaks of, by name
  std::vector<RuleProof> proofs;          ///< by which `prove` shows that it is right
};

/// What is left of the files when the boot is over.
struct BootOutcome {
  SysctlLoaders by;
  std::optional<PersistentSetting> line;  ///< the one that decides; nothing: none does
  std::optional<ParameterValue> value;    ///< what it leaves; nothing if there is no telling
  /// Whether the parameter is set to that now; nothing if there is no telling.
  std::optional<bool> stands;
};

/// Who sets a parameter at boot.
struct BootSettings {
  /// All that write the parameter, under whatever name, in the order in which they are read.
  std::vector<PersistentSetting> lines;
  std::optional<SysctlLoader> loader;  ///< that runs at boot; nothing: not known
  std::string loader_because;
  std::vector<BootOutcome> outcomes;  ///< one, or one for each loader where they differ
  std::vector<std::string> unread;   ///< files that may hold more lines, and why they were not read
  std::vector<OtherSetting> others;  ///< what other programs set it to
};

/// Everything that is known of one parameter here.
struct ParameterExplanation {
  struct Field {
    std::string name;
    std::string value;
  };

  ParameterName parameter;
  Reading now = Error{ErrorKind::kNotFound, "it was not read"};
  std::optional<ParameterInfo> info;          ///< nothing: the catalogue has no row for it
  std::vector<Field> fields;                  ///< the numbers of a vector or range, as they are now
  std::vector<int64_t> bits;                  ///< of a bitmask: those that are set now, as numbers
  std::optional<std::string> kernel_default;  ///< what this kernel sets by itself
  std::optional<bool> at_default;             ///< nothing if either is unknown
  KernelSupport support = KernelSupport::kPresent;
  BootSettings boot;
  std::vector<RuleExplanation> rules;  ///< of the chosen profiles, that speak of it
};

/// What somebody saw, and what may be behind it.
struct Symptom {
  std::string said;
  std::vector<RuleId> rules;
  std::vector<ParameterName> parameters;
};

/// The answer to "explain".
struct Explanation {
  std::vector<std::string> profiles;
  Host host;
  double interval_seconds = 0;    ///< between two samples of the counters; 0: there was one
  std::vector<Symptom> symptoms;  ///< whose rules and parameters are among the others
  std::vector<ParameterExplanation> parameters;
  std::vector<RuleExplanation> rules;
  std::vector<LintRuleText> lint;  ///< what remarks of `lint` say
};

}  // namespace advisor
