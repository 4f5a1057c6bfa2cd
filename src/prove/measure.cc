#include "prove/counted.h"
#include "prove/load.h"

namespace advisor {
namespace {

/// What the kernel counts for it; null: the sockets of the load tell.
const char* counter_of(Measure measure) {
  switch (measure) {
    case Measure::kDestroyed:
      return "TcpExt.TCPTimeWaitOverflow";
    case Measure::kOpened:
      return "Tcp.ActiveOpens";
    case Measure::kCookies:
      return "TcpExt.TCPReqQFullDoCookies";
    case Measure::kTimeouts:
      return "TcpExt.TCPTimeouts";
    default:
      return nullptr;
  }
}

int64_t count_in(const LoadOutcome& outcome, Measure measure) {
  switch (measure) {
    case Measure::kRefused:
      return outcome.refused;
    case Measure::kKeptOut:
      return outcome.kept_out;
    case Measure::kTaken:
      return outcome.taken;
    case Measure::kSearched:
      return outcome.searched;
    case Measure::kWithoutScaling:
      return outcome.without_scaling;
    case Measure::kWithoutSack:
      return outcome.without_sack;
    case Measure::kWithoutTimestamps:
      return outcome.without_timestamps;
    case Measure::kWithoutEcn:
      return outcome.without_ecn;
    case Measure::kWithoutDiscovery:
      return outcome.without_discovery;
    case Measure::kTimeWait:
      return outcome.time_wait;
    case Measure::kReset:
      return outcome.reset;
    case Measure::kFailed:
      return outcome.failed;
    case Measure::kStuck:
      return outcome.stuck;
    case Measure::kShrunk:
      return outcome.shrunk;
    case Measure::kFixedBuffers:
      return outcome.fixed_buffers;
    case Measure::kEnded:
      return outcome.ended;
    case Measure::kKept:
      return outcome.kept;
    case Measure::kLost:
      return outcome.lost;
    case Measure::kCameIn:
      return outcome.tried - outcome.lost;
    case Measure::kMisled:
      return outcome.misled;
    case Measure::kDestroyed:
    case Measure::kOpened:
    case Measure::kCookies:
    case Measure::kTimeouts:
    case Measure::kFinWait:
      break;  // the kernel counts them
  }
  return 0;
}

}  // namespace

Result<ProofFigure> measure(const Proof& proof, Load& load) {
  const char* counter = counter_of(proof.measure);
  const auto before = counted_here();
  if (!before) return before.error();
  const auto outcome = load.run();
  if (!outcome) return outcome.error();
  if (proof.measure == Measure::kFinWait) {
    const auto kept = closed_and_kept_whole();
    if (!kept) return kept.error();
    return ProofFigure{*kept, outcome->tried};
  }
  if (!counter) return ProofFigure{count_in(*outcome, proof.measure), outcome->tried};
  const auto after = counted_here();
  if (!after) return after.error();
  // Those of nobody are answered as well.
  const int64_t forged = proof.measure == Measure::kCookies ? proof.load.forged : 0;
  return ProofFigure{count_of(*after, counter) - count_of(*before, counter),
                     outcome->tried + forged};
}

}  // namespace advisor
