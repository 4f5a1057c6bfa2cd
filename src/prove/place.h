#pragma once

#include <memory>

#include "load/proof.h"
#include "os/line.h"
#include "os/traffic.h"

namespace advisor {

/// The two ends between which a proof makes its load. The rule is judged at `home`, which is the
/// network namespace of this process.
class ProvingPlace {
 public:
  /// Makes it, within a proving ground, and sets there what stands at the start of the proof. Both
  /// ends have `own` before, as far as this kernel has it: what it has not taken from the host
  /// then. NotFound if this kernel has no parameter that the proof sets, or lets nobody set it.
  static Result<std::unique_ptr<ProvingPlace>> make(const Proof& proof,
                                                    const std::vector<KeyValue>& own);

  const TrafficEnd& home() const { return home_; }
  const TrafficEnd& peer() const { return peer_; }
  /// Between the two, if the proof has one.
  const Line& line() const { return line_; }
  /// Gives the peer one more address.
  Status add_to_peer(const std::string& address) const;

 private:
  ProvingPlace() = default;
  Status make_two_ends(const Proof& proof, const std::vector<KeyValue>& own);
  Status tie(const Proof& proof);

  UniqueFd home_namespace_;
  UniqueFd peer_namespace_;
  TrafficEnd home_;
  TrafficEnd peer_;
  Line line_;
};

}  // namespace advisor
