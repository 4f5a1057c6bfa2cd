#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/proof.h"
#include "model/proof_result.h"

namespace advisor {

/// What the rule of a proof says of the host that the proof has made.
struct Judgement {
  bool known = true;  ///< false if it could not see what it goes by
  bool fires = false;
  bool advises = false;  ///< a parameter
  std::string why;       ///< what it saw, or could not see
};

/// What an experiment is made with: a load, and a host on which changes are made.
class Bench {
 public:
  virtual ~Bench() = default;
  /// Makes the load once more, and counts.
  virtual Result<ProofFigure> measure() = 0;
  virtual Result<Judgement> judge() = 0;
  /// Makes what was advised, or what the proof says instead; each change as a text.
  virtual Result<std::vector<std::string>> apply() = 0;
  /// Makes what does help.
  virtual Status help() = 0;
  virtual Status roll_back() = 0;
  /// What each parameter is set to.
  virtual Result<std::map<std::string, std::string>> parameters() = 0;
};

/// Told of each phase once it is counted: "before", "applied", "helped", "rolled back".
using PhaseTold = std::function<void(const char* phase, const ProofFigure& figure)>;

/// All of a result that the proof itself says.
ProofResult result_of(const Proof& proof);
/// The same, with the reason why it cannot run here.
ProofResult cannot_run(const Proof& proof, const std::string& why);
/// The same, with what failed in place of a verdict.
ProofResult failed(const Proof& proof, const std::string& error);

/// Makes the problem, changes what is said to mend it, and takes the change back; counts each time.
ProofResult run_experiment(const Proof& proof, Bench& bench, const PhaseTold& told);

}  // namespace advisor
