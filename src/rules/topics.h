#pragma once

#include <set>
#include <string>
#include <vector>

#include "load/profile_set.h"
#include "model/explanation.h"

namespace advisor {

/// What somebody wants explained.
struct Topics {
  std::vector<ParameterName> parameters;
  std::vector<RuleId> rules;  ///< rules and plain targets of the chosen profiles
  std::vector<Symptom>
      symptoms;              ///< what was seen, and what may be behind it: also among the others
  EffectiveProfile outside;  ///< the rules that these do not use, with the options of their groups
};

/// What the words stand for: names of parameters, ids of rules, "target:PARAMETER" or
/// "boot:PARAMETER", shell patterns of them. A rule is looked for in the chosen profiles, then in
/// all rule files. What is neither may be a symptom of rules and parameters, and so may all words
/// together. A word that stands for nothing is an error with the nearest known one.
Topics find_topics(const std::vector<std::string>& words, const EffectiveProfile& profile,
                   const ProfileSource& source, const ParameterKnowledge& known,
                   Diagnostics& diagnostics);

/// Whether it takes two samples of the counters to judge what speaks of the topics. The snapshot
/// has one.
bool need_two_samples(const Topics& topics, const EffectiveProfile& profile,
                      const Snapshot& one_sample);

}  // namespace advisor
