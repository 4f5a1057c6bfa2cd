#pragma once

#include "model/explanation.h"
#include "rules/demands.h"
#include "rules/topics.h"

namespace advisor {

/// Everything known of the topics on this host. The rules of the profile are judged as `audit` does
/// it, all together, and what is wrong with that goes to `diagnostics`; those outside of the
/// profile are judged by themselves, both with what the files give at boot. The snapshot must hold
/// every parameter of the topics, the profile and the rules outside. What cannot be set is told as
/// by `audit`. Pure.
Explanation explain(const Topics& topics, const EffectiveProfile& profile,
                    const Catalogue& catalogue, const Snapshot& snapshot,
                    const PersistentSettings& persistent,
                    const std::vector<Suppression>& suppressions, Diagnostics& diagnostics,
                    const Surroundings& around = {});

}  // namespace advisor
