#include "rules/topics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "facts/facts.h"
#include "load/rule_names.h"
#include "load/rule_parser.h"
#include "rules/symptoms.h"

namespace advisor {
namespace {

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;
}

template <typename T>
void add_once(std::vector<T>& items, T item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(std::move(item));
}

class TopicFinder {
 public:
  TopicFinder(const EffectiveProfile& profile, const ProfileSource& source,
              const ParameterKnowledge& known, Diagnostics& diagnostics)
      : profile_(profile), source_(source), known_(known), diagnostics_(diagnostics) {}

  void find(const std::string& word) {
    if (add_rules(word) || add_of_boot(word) || add_parameters_of(word) || add_outside(word) ||
        add_by_last_part(word) || add_symptom(word)) {
      return;
    }
    Diagnostic unknown;
    unknown.message = fmt::format("unknown parameter, rule or message \"{}\"", word);
    const auto meant = may_guess(diagnostics_) ? nearest(word) : std::nullopt;
    if (meant) unknown.hint = did_you_mean(*meant);
    if (!meant && word.find(' ') != std::string::npos) {
      unknown.hint =
          "the name of its errno (such as EADDRNOTAVAIL) may lead further; `sysctl-advisor audit` "
          "judges the host without a message";
    }
    diagnostics_.push_back(std::move(unknown));
  }

  /// Whether the word is a parameter of the catalogue, or a rule or target of the profiles.
  bool is_name(const std::string& word) const {
    const auto name = ParameterName::parse(word);
    if (name && known_.catalogue.find(*name)) return true;
    const std::vector<std::string> ids = ids_in_profile();
    return std::ranges::find(ids, word) != ids.end();
  }

  /// As people call a parameter: "tcp_tw_reuse". Several of that name are an error that lists them.
  bool add_by_last_part(const std::string& word) {
    if (is_pattern(word) || word.find_first_of("./ ") != std::string::npos) return false;
    std::vector<std::string> keys;
    for (const std::string& key : known_.catalogue.keys()) {
      if (!is_pattern(key) && key.ends_with("." + word)) keys.push_back(key);
    }
    // What is not there is not meant.
    std::erase_if(keys, [&](const std::string& key) {
      const auto presence = known_.on_this_host(*ParameterName::parse(key));
      return presence && *presence == Presence::kAbsent;
    });
    if (keys.size() == 1) {
      add_once(topics_.parameters, *ParameterName::parse(keys.front()));
      return true;
    }
    if (keys.empty()) return false;
    Diagnostic several;
    several.message = fmt::format("\"{}\" is the last part of several names", word);
    several.hint = "one of: " + join(keys, ", ");
    diagnostics_.push_back(std::move(several));
    return true;
  }

  /// Whether somebody may have seen this, and rules or parameters speak of it.
  bool add_symptom(const std::string& said) {
    Symptom symptom{said, {}, {}};
    for (const ActiveGroup& active : profile_.groups) {
      for (const Rule& rule : active.group.rules) {
        if (shows_symptom(said, rule.symptoms)) symptom.rules.push_back(rule.id);
      }
    }
    for (const std::string& key : known_.catalogue.keys()) {
      const auto name = ParameterName::parse(key);
      const ParameterInfo* info = name && !is_pattern(key) ? known_.catalogue.find(*name) : nullptr;
      if (info && shows_symptom(said, info->symptoms)) symptom.parameters.push_back(*name);
    }
    if (symptom.rules.empty() && symptom.parameters.empty()) return false;
    for (const RuleId& rule : symptom.rules) add_once(topics_.rules, rule);
    for (const ParameterName& name : symptom.parameters) add_once(topics_.parameters, name);
    topics_.symptoms.push_back(std::move(symptom));
    return true;
  }

  Topics take() { return std::move(topics_); }

 private:
  bool add_rules(const std::string& word) {
    bool found = false;
    for (const std::string& id : ids_in_profile()) {
      if (!matches_glob(word, id)) continue;
      add_once(topics_.rules, RuleId(id));
      found = true;
    }
    return found;
  }

  /// What an audit says of the next boot: of one parameter, or of lines of files.
  bool add_of_boot(const std::string& word) {
    if (word.starts_with(kBootPrefix)) return add_parameters_of(word.substr(kBootPrefix.size()));
    if (word != kLinesNotInEffect && word != kLinesWithoutEffect) return false;
    Diagnostic no_topic;
    no_topic.message = fmt::format("\"{}\" is no rule: it gathers lines of files", word);
    no_topic.hint =
        "`sysctl-advisor audit --boot` tells each of them, and why; explain takes the "
        "parameters that they set";
    diagnostics_.push_back(std::move(no_topic));
    return true;
  }

  bool add_parameters_of(const std::string& word) {
    const auto name = ParameterName::parse(word);
    if (!name) return false;
    if (!is_pattern(word)) {
      if (!known_.catalogue.find(*name)) {
        const auto presence = known_.on_this_host(*name);
        if (!presence) return tell(presence.error());
        if (*presence == Presence::kAbsent) return false;
      }
      add_once(topics_.parameters, *name);
      return true;
    }
    auto matching = known_.matching(*name);
    if (!matching) return tell(matching.error());
    std::vector<ParameterName> names = *std::move(matching);
    if (names.empty()) names = in_catalogue(*name);
    std::sort(names.begin(), names.end());
    for (ParameterName& each : names) add_once(topics_.parameters, std::move(each));
    return !names.empty();
  }

  /// Reports the error. True, since that is all there is to say of the word.
  bool tell(const Error& error) {
    diagnostics_.push_back({DiagnosticSeverity::kError, {}, error.message, {}, {}});
    return true;
  }

  /// As on a host, `*` stands for a part of one segment.
  std::vector<ParameterName> in_catalogue(const ParameterName& pattern) const {
    std::vector<ParameterName> names;
    const size_t segments = split(pattern.dotted(), '.').size();
    for (const std::string& key : known_.catalogue.keys()) {
      if (is_pattern(key) || split(key, '.').size() != segments) continue;
      if (matches_glob(pattern.dotted(), key)) names.push_back(*ParameterName::parse(key));
    }
    return names;
  }

  bool add_outside(const std::string& word) {
    bool found = false;
    for (const ActiveGroup& active : all_groups()) {
      for (const Rule& rule : active.group.rules) {
        if (!matches_glob(word, rule.id)) continue;
        found = true;
        add_outside(rule, active);
      }
    }
    return found;
  }

  void add_outside(const Rule& rule, const ActiveGroup& active) {
    for (const ActiveGroup& known : topics_.outside.groups) {
      if (known.group.rules[0].id == rule.id) return;
    }
    topics_.outside.groups.push_back(active);
    topics_.outside.groups.back().group.rules = {rule};
  }

  std::vector<std::string> ids_in_profile() const {
    std::vector<std::string> ids;
    for (const ActiveGroup& active : profile_.groups) {
      for (const Rule& rule : active.group.rules) ids.emplace_back(rule.id);
    }
    for (const PlainTarget& plain : profile_.targets)
      ids.emplace_back(id_of_target(plain.target.parameter));
    return ids;
  }

  /// The groups of all rule files. Diagnostics of a file that the profiles do not use are dropped.
  const std::vector<ActiveGroup>& all_groups() {
    if (groups_) return *groups_;
    groups_.emplace();
    for (const std::string& name : source_.rule_group_names()) {
      const auto text = source_.rule_group(name);
      if (!text) continue;
      Diagnostics ignored;
      groups_->push_back(with_own_options(parse_rule_group(name, *text, known_, ignored), ""));
    }
    return *groups_;
  }

  std::optional<std::string> nearest(const std::string& word) {
    if (is_id_of_target(word)) return nearest_name(word, ids_in_profile());
    const auto name = ParameterName::parse(word);
    if (name) {
      if (auto parameter = known_.catalogue.nearest(std::string(name->dotted()))) return parameter;
    }
    // The end of the name alone, as people call a parameter.
    for (const char* separator : {".", "_"}) {
      for (const std::string& key : known_.catalogue.keys()) {
        if (key.ends_with(separator + word)) return key;
      }
    }
    std::vector<std::string> ids = ids_in_profile();
    for (const ActiveGroup& active : all_groups()) {
      for (const Rule& rule : active.group.rules) ids.emplace_back(rule.id);
    }
    return nearest_name(word, ids);
  }

  const EffectiveProfile& profile_;
  const ProfileSource& source_;
  const ParameterKnowledge& known_;
  Diagnostics& diagnostics_;
  std::optional<std::vector<ActiveGroup>> groups_;
  Topics topics_;
};

void append(std::vector<std::string> more, std::vector<std::string>& names) {
  std::move(more.begin(), more.end(), std::back_inserter(names));
}

bool is_one_of(const RuleId& id, const std::vector<RuleId>& ids) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool overlap(const std::set<ParameterName>& a, const std::set<ParameterName>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const ParameterName& name) { return b.contains(name); });
}

/// The parameters that decide what the answer needs: those asked for, and those that the rules
/// asked for are about, since what is advised for one parameter has to meet every rule's demand.
std::set<ParameterName> parameters_at_stake(const Topics& topics, const EffectiveProfile& profile) {
  std::set<ParameterName> stake(topics.parameters.begin(), topics.parameters.end());
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      if (is_one_of(rule.id, topics.rules)) stake.merge(subjects_of(rule));
    }
  }
  for (const PlainTarget& plain : profile.targets) {
    if (is_one_of(id_of_target(plain.target.parameter), topics.rules))
      stake.merge(subjects_of(plain));
  }
  return stake;
}

/// Every name in the expressions of the rules and targets that are about the topics.
std::vector<std::string> names_at_stake(const Topics& topics, const EffectiveProfile& profile) {
  const std::set<ParameterName> stake = parameters_at_stake(topics, profile);
  std::vector<std::string> names;
  for (const ActiveGroup& active : profile.groups) {
    for (const Rule& rule : active.group.rules) {
      const bool asked = is_one_of(rule.id, topics.rules);
      if (asked || overlap(subjects_of(rule), stake)) append(names_of(rule), names);
    }
  }
  for (const PlainTarget& plain : profile.targets) {
    if (overlap(subjects_of(plain), stake)) append(names_of(plain), names);
  }
  for (const ActiveGroup& active : topics.outside.groups) {
    for (const Rule& rule : active.group.rules) append(names_of(rule), names);
  }
  return names;
}

}  // namespace

Topics find_topics(const std::vector<std::string>& words, const EffectiveProfile& profile,
                   const ProfileSource& source, const ParameterKnowledge& known,
                   Diagnostics& diagnostics) {
  TopicFinder finder(profile, source, known, diagnostics);
  // A message that was pasted without quotes, unless a word of it is a name.
  const auto is_name = [&](const std::string& word) { return finder.is_name(word); };
  if (words.size() > 1 && std::ranges::none_of(words, is_name) &&
      finder.add_symptom(join(words, " "))) {
    return finder.take();
  }
  for (const std::string& word : words) finder.find(word);
  return finder.take();
}

bool need_two_samples(const Topics& topics, const EffectiveProfile& profile,
                      const Snapshot& one_sample) {
  // The same host a second later, with nothing counted in between.
  Snapshot two_samples = one_sample;
  two_samples.counters.first = two_samples.counters.last;
  two_samples.counters.interval_seconds = 1;
  const std::vector<std::string> names = names_at_stake(topics, profile);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const Fact* fact = find_fact(name);
    return fact && expr::is_unknown(fact->value(one_sample)) &&
           !expr::is_unknown(fact->value(two_samples));
  });
}

}  // namespace advisor
