#include "load/proof.h"

#include <array>

namespace advisor {

const char* name_of(ProofClaim claim) {
  return claim == ProofClaim::kWorks ? "works" : "does nothing";
}

const char* name_of(ProofPlace place) {
  return place == ProofPlace::kLoopback ? "loopback" : "pair";
}

const char* name_of(LoadKind kind) {
  static constexpr std::array kNames{"churn", "hold", "burst", "restart"};
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
  };
  static_assert(kNames.size() == size_t(Measure::kWithoutEcn) + 1);
  return kNames[size_t(measure)];
}

void ProvableRules::add(const RuleGroup& group) {
  for (const Rule& rule : group.rules) ids.emplace(rule.id);
  for (const auto& [name, option] : group.options) options.insert(name);
}

}  // namespace advisor
