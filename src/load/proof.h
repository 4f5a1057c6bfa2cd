#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "expr/expression.h"
#include "load/key_value.h"
#include "load/rule.h"
#include "load/toml_node.h"

namespace advisor {

/// What a proof says of a change.
enum class ProofClaim {
  kWorks,       ///< the advice of a rule mends what the rule finds
  kDoesNothing  ///< what people set against it does not mend it, and something else does
};
const char* name_of(ProofClaim claim);

/// Where a proof takes place.
enum class ProofPlace {
  kLoopback,  ///< both ends of the connections are in the one network namespace
  kPair,      ///< the other end is in a second one, behind a pair of interfaces
  kLine       ///< the same behind two pairs, between which a process of ours carries packets
};
const char* name_of(ProofPlace place);

/// How connections are made.
enum class LoadKind {
  kChurn,      ///< one after the other, each closed again by the end that opened it
  kHold,       ///< many that stay open
  kBurst,      ///< all at once, at a server that accepts none
  kRestart,    ///< services stop, connections take all ports, and the services start again
  kBulk,       ///< as much as it says over each of them
  kOutage,     ///< open ones, whose peers are cut off
  kDatagrams,  ///< none: datagrams from the other end
  kRedirects,  ///< none: the router tells of another one, for so many destinations
};
const char* name_of(LoadKind kind);

/// The load of a proof: made anew for each phase.
struct ProofLoad {
  LoadKind kind = LoadKind::kChurn;
  int64_t connections =
      0;             ///< tried in each phase, after those of `fill` or beside those of `held`
  int64_t fill = 0;  ///< churn: made before, and left alone for `age_ms`
  int64_t age_ms = 0;
  bool fills_once = false;     ///< churn: made before the first phase only
  bool peer_closes = true;     ///< churn: false: only the end that opened a connection closes it
  int64_t pool = 0;            ///< churn: once mended, requests share so many connections
  int64_t held = 0;            ///< hold: open from the first phase to the last
  bool incoming = false;       ///< the other end opens them; of bulk: sends
  bool at_once = false;        ///< hold: opened all together
  int64_t backlog = 0;         ///< burst: what the server asks for
  int64_t longer_backlog = 0;  ///< burst: what it asks for once mended
  bool after_data = false;  ///< burst: it is told of connections with data only, and is short then
  int64_t forged = 0;       ///< burst: requests of nobody that arrive before
  bool listens_once = false;           ///< burst: the server listens again only once mended
  std::vector<int64_t> service_ports;  ///< restart
  int64_t bytes = 0;                   ///< bulk: over each
  int64_t segments = 0;                ///< bulk: the same in segments of full size
  bool pause = false;                  ///< bulk: they pause then, and send a byte
  int64_t pace = 0;                    ///< bulk: bytes/s of the first while the load is kept up
  bool keepalive = false;              ///< outage: they send nothing but probes
  int64_t unanswered = 0;              ///< outage: how many times they try before they are counted
  bool from_elsewhere = false;         ///< datagrams: of a source that is routed to another link
  bool source_routed = false;          ///< datagrams: they name the way that they take
  bool ipv6 = false;
};

/// What is counted in each phase.
enum class Measure {
  kRefused,
  kKeptOut,
  kTaken,
  kSearched,
  kDestroyed,
  kOpened,
  kFinWait,
  kWithoutScaling,
  kWithoutSack,
  kWithoutTimestamps,
  kWithoutEcn,
  kWithoutDiscovery,
  kTimeWait,
  kReset,
  kCookies,
  kFailed,
  kStuck,
  kShrunk,
  kFixedBuffers,
  kTimeouts,
  kEnded,
  kKept,
  kLost,
  kCameIn,
  kMisled,
};
inline constexpr size_t kMeasures = size_t(Measure::kMisled) + 1;
/// "connections refused": how a file names it, and how it is shown behind a number.
const char* name_of(Measure measure);

/// What the kernel has once for all network namespaces, and a proof takes some of.
enum class SharedPool {
  kOrphans,     ///< connections that no process holds
  kNeighbours,  ///< entries of the neighbour tables
  kTracked      ///< entries of connection tracking
};
const char* name_of(SharedPool pool);

/// The interface of each end of a pair or a line towards the other.
inline constexpr const char* kProvingInterface = "proof0";
/// What parameters of interfaces a proof has: of those to come, and of those that there are.
inline constexpr std::array kInterfacesOfProof{"all", "default", "lo", kProvingInterface};

/// What the line of a proof does to packets (ProofPlace::kLine).
struct ProofLine {
  int64_t delay_ms = 0;       ///< each way
  int64_t longest = 0;        ///< bytes of an IP packet; longer ones do not arrive; 0: all do
  std::vector<int64_t> lost;  ///< of what the first end sends over a connection: 1 is its request
};

/// An experiment that shows whether a change does what is said of it: a [[proof]] of
/// profiles/proofs/*.toml.
struct Proof {
  std::string id;
  std::string rule;
  ProofClaim claim = ProofClaim::kWorks;
  std::string says;    ///< the claim, as a sentence
  std::string effect;  ///< from when on a change is felt: "at once", "at the next listen()"
  ProofPlace place = ProofPlace::kLoopback;
  std::string options;           ///< of the rule, as lines of TOML
  std::vector<KeyValue> start;   ///< what stands before the first phase
  std::vector<KeyValue> peer;    ///< the same of the other namespace
  std::vector<KeyValue> change;  ///< carried out in place of what the rule advises
  std::vector<KeyValue> helps;   ///< what mends it where the change does nothing
  bool program_helps = false;    ///< what mends it is what the program does: `pool`, `listens_once`
  bool kept_up = false;          ///< the load goes on while the rule is judged, which needs rates
  std::map<SharedPool, int64_t> takes;  ///< of what is shared with the host, at the most
  ProofLine line;
  ProofLoad load;
  Measure measure = Measure::kRefused;
  expr::Expression before;
  expr::Expression applied;
  std::optional<expr::Expression> helped;  ///< with a claim that the change does nothing
  expr::Expression rolled_back;
  SourceLocation where;
};

/// Rules that no proof is about, and why.
struct Unproven {
  std::vector<std::string> rules;
  std::string why;
};

/// What profiles/proofs/*.toml say together.
struct Proofs {
  std::vector<Proof> proofs;
  std::vector<Unproven> unproven;
};

/// The rules of which there may be proofs, and their options.
struct ProvableRules {
  std::set<std::string> ids;
  std::map<std::string, expr::Value> options;  ///< with what they are by themselves

  void add(const RuleGroup& group);
};

/// The number that a phase gives, of how many, as the expectations of a proof speak of them.
inline constexpr const char* kFigureName = "figure";
inline constexpr const char* kFigureOf = "of";

/// Adds what such a file says; complete only if no error was added to `diagnostics`.
void add_proofs(const SourceText& source, const ProvableRules& rules, const Catalogue& catalogue,
                Proofs& proofs, Diagnostics& diagnostics);

}  // namespace advisor
