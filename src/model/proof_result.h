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

/// What a proof showed. One that failed on the way has no verdict: it says nothing of the advice.
struct ProofResult {
  std::string id;
  std::string rule;
  std::string claim;
  std::string says;
  std::string effect;
  std::string counts;  ///< what the figures count: "connections refused"
  std::optional<ProofVerdict> verdict;
  std::optional<std::string> why;    ///< of any verdict but proven: a sentence
  std::optional<std::string> error;  ///< in place of a verdict: what failed
  std::vector<std::string> changes;  ///< "net.ipv4.tcp_tw_reuse: 2 -> 1"
  std::optional<ProofFigure> before;
  std::optional<ProofFigure> applied;
  std::optional<ProofFigure> helped;  ///< of a change that does nothing: with what does help
  std::optional<ProofFigure> rolled_back;
  bool repeated = false;  ///< whether this is the second attempt
  double seconds = 0;
  bool operator==(const ProofResult&) const = default;
};

/// What the process that makes a proof tells: a phase that was counted, and at last the result, or
/// why there is none.
struct ProofNews {
  std::optional<std::string> phase;
  std::optional<Error> error;
  std::optional<ProofResult> result;
};

Json as_json(const ProofResult& result);
Json json_proof_news(const ProofNews& news);
/// Corrupt if it is not what json_proof_news() makes.
Result<ProofNews> read_proof_news(const Json& json);

}  // namespace advisor
