#pragma once

#include "cli/context.h"
#include "os/child.h"
#include "prove/experiment.h"
#include "prove/load.h"

namespace advisor {

/// The profile by which rules are judged within a proof: those of `baseline`, with the options of
/// the proof.
inline constexpr const char* kProofProfile = "proof";

/// The bench within a proving ground: the evaluator, the applier and the rollback are those of this
/// program, each run in a process of its own as if it had been typed.
class ProvingBench : public Bench {
 public:
  ProvingBench(const Proof& proof, Load& load, const Catalogue& catalogue)
      : proof_(proof), load_(load), catalogue_(catalogue) {}

  Result<ProofFigure> measure() override { return advisor::measure(proof_, load_); }
  Result<Judgement> judge() override;
  Result<std::vector<std::string>> apply() override;
  Status help() override;
  Status roll_back() override;
  Result<std::map<std::string, std::string>> parameters() override;

 private:
  /// With the rule of the proof, or, if there are any, with `values` instead.
  Request request_for(const std::vector<KeyValue>& values) const;
  /// What `command` prints; the load goes on meanwhile if the rule needs that.
  Result<std::string> answer_of(const Command& command, const Request& request) const;
  Result<std::string> while_load_goes_on(const ChildWork& work) const;
  /// `apply`, and each change that it made.
  Result<std::vector<std::string>> carry_out(const std::vector<KeyValue>& values);

  const Proof& proof_;
  Load& load_;
  const Catalogue& catalogue_;
  int transactions_ = 0;  ///< that stand
};

/// Whether an Error says that this host does not let a proof be tried; any other says that the
/// attempt failed.
bool is_refusal(const Error& error);

/// Carries a proof out in a proving ground of which `ready` tells whether it is whole: what is told
/// of each phase, and the result, go to `answers`, a line each. `profiles` are files that the
/// administrator has laid down, by their paths.
void prove_in_ground(const Proof& proof, const Catalogue& catalogue,
                     const std::map<std::string, std::string>& profiles, const Status& ready,
                     int answers);

}  // namespace advisor
