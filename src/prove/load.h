#pragma once

#include <memory>

#include "load/proof.h"
#include "model/proof_result.h"
#include "prove/place.h"

namespace advisor {

/// What became of a load, as far as its sockets tell.
struct LoadOutcome {
  int64_t tried = 0;
  int64_t refused = 0;   ///< connect() said that no local port is left
  int64_t kept_out = 0;  ///< not established although nothing more is under way
  int64_t taken = 0;     ///< services that could not bind their port
  int64_t searched = 0;  ///< got a port of the other parity than most
  int64_t without_scaling = 0;
  int64_t without_sack = 0;
  int64_t without_timestamps = 0;
  int64_t without_ecn = 0;
  int64_t without_discovery = 0;
  int64_t time_wait = 0;
  int64_t reset = 0;
  int64_t failed = 0;         ///< connections that were not made, whatever the reason
  int64_t stuck = 0;          ///< transfers of which not all arrived
  int64_t shrunk = 0;         ///< windows smaller by half after a pause
  int64_t fixed_buffers = 0;  ///< of receivers, as large at the end as at the beginning
  int64_t ended = 0;          ///< connections that were open, and are closed
  int64_t kept = 0;           ///< those that are not
  int64_t lost = 0;           ///< datagrams
  int64_t misled = 0;         ///< destinations that are reached by another router now
};

/// Makes the sockets of a proof. What it opened stands until it runs again.
class Load {
 public:
  virtual ~Load() = default;
  virtual Result<LoadOutcome> run() = 0;
  /// The program that makes the load does from now on what helps, or does so no longer.
  virtual Status mend(bool mended);
  /// A part of it, for while a rate is taken.
  virtual Status keep_up();
};

std::unique_ptr<Load> make_churn(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_hold(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_burst(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_restart(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_bulk(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_outage(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_datagrams(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_redirects(const ProofLoad& load, const ProvingPlace& place);
std::unique_ptr<Load> make_load(const ProofLoad& load, const ProvingPlace& place);

/// Runs the load once, and counts what the proof is about.
Result<ProofFigure> measure(const Proof& proof, Load& load);

}  // namespace advisor
