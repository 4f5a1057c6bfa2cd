#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace advisor {

/// How a proof ended.
enum class ProofVerdict {
  kProven,
  kNotReproduced,  ///< the problem did not come about, or not as it was said
  kNoEffect,       ///< the change did not mend it
  kDoesNotGoBack,  ///< taking the change back did not bring it back
  kCannotRun,      ///< this host does not let it be tried
};
const char* name_of(ProofVerdict verdict);

/// What was counted in a phase, of how many.
struct ProofFigure {
  int64_t count = 0;
  int64_t of = 0;
  bool operator==(const ProofFigure&) const = default;
};

/// What a proof showed.
struct ProofResult {
  std::string id;
  std::string rule;
  std::string claim;
  std::string says;
  std::string effect;
  std::string counts;  ///< what the figures count: "connections refused"
  ProofVerdict verdict = ProofVerdict::kCannotRun;
  std::string why;                   ///< if it is not proven: a sentence
  std::vector<std::string> changes;  ///< "net.ipv4.tcp_tw_reuse: 2 -> 1"
  std::optional<ProofFigure> before;
  std::optional<ProofFigure> applied;
  std::optional<ProofFigure> helped;  ///< of a change that does nothing: with what does help
  std::optional<ProofFigure> rolled_back;
  bool repeated = false;  ///< whether this is the second attempt
  double seconds = 0;
  bool operator==(const ProofResult&) const = default;
};

Json as_json(const ProofResult& result);
/// Corrupt if it is not what as_json() makes.
Result<ProofResult> read_proof_result(const Json& json);

}  // namespace advisor
