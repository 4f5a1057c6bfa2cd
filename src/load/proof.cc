#include "load/proof.h"

#include <array>

namespace advisor {

const char* name_of(ProofClaim claim) {
  return claim == ProofClaim::kWorks ? "works" : "does nothing";
}

const char* name_of(ProofPlace place) {
  static constexpr std::array kNames{"loopback", "pair", "line"};
  return kNames[size_t(place)];
}

const char* name_of(LoadKind kind) {
  static constexpr std::array kNames{"churn", "hold",   "burst",     "restart",
                                     "bulk",  "outage", "datagrams", "redirects"};
  return kNames[size_t(kind)];
}

const char* name_of(Measure measure) {
  static constexpr std::array kNames{
      "connections refused",
      "connections kept out",
      "services that found their port taken",
      "connections after a search for a port",
      "connections destroyed without TIME_WAIT",
      "connections opened",
      "sockets kept for minutes",
      "connections without window scaling",
      "connections without selective acknowledgements",
      "connections without timestamps",
      "connections without congestion notification",
      "connections without path MTU discovery",
      "connections in TIME_WAIT",
      "connections reset",
      "requests answered with a cookie",
      "connections that failed",
      "transfers stuck",
      "windows that shrank in a pause",
      "receive buffers that did not grow",
      "timeouts",
      "connections ended",
      "connections kept without a peer",
      "datagrams lost",
      "datagrams that came in",
      "routes that a neighbour changed",
  };
  static_assert(kNames.size() == kMeasures);
  return kNames[size_t(measure)];
}

const char* name_of(SharedPool pool) {
  static constexpr std::array kNames{"orphans", "neighbours", "tracked"};
  return kNames[size_t(pool)];
}

void ProvableRules::add(const RuleGroup& group) {
  for (const Rule& rule : group.rules) ids.emplace(rule.id);
  for (const auto& [name, option] : group.options) options.emplace(name, option.default_value);
}

}  // namespace advisor
