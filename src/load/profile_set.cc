#include "load/profile_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <string_view>
#include <unordered_set>

#include "base/text.h"
#include "facts/rule_scope.h"
#include "load/rule_names.h"
#include "load/rule_parser.h"

namespace advisor {
namespace {

/// Its rules with `guard = true` are held against every plan.
constexpr const char* kGuardGroup = "consistency";

/// A hint names no more than that.
constexpr size_t kMostListed = 20;

constexpr const char* kNoRules = "it has no rules at all: name some in \"rules\" or \"extends\"";

/// A file, and what asked for it; nothing if it was named on the command line.
struct ReadFile {
  ReadFile(SourceText source, SourceLocation because)
      : text(std::move(source)), asked_at(std::move(because)) {}

  /// The line that an error points at.
  std::string line(int number) const {
    if (!lines) lines.emplace(text.content());
    return lines->shown(number);
  }

  const SourceText text;
  SourceLocation asked_at;
  mutable std::optional<SourceLines> lines;  ///< of `text`, as soon as one is asked for
};

struct ReadProfile {
  SourceText text;
  Profile profile;
};

class Resolver {
 public:
  Resolver(const ProfileSource& source, const ParameterKnowledge& known, Diagnostics& diagnostics)
      : source_(source),
        known_(known),
        diagnostics_(diagnostics),
        already_there_(diagnostics.size()) {}

  EffectiveProfile resolve(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      targets_.clear();
      added_.clear();
      add_profile({name, {}});
      for (PlainTarget& target : targets_) add_target(std::move(target));
    }
    for (const auto& setting : settings_) apply_option(setting);
    for (const auto& rule : disabled_) disable_rule(rule);
    add_guards();
    for (size_t i = already_there_; i < diagnostics_.size(); ++i) {
      const auto read = read_.find(diagnostics_[i].where.file);
      if (read != read_.end()) diagnostics_[i].asked_at = read->second.asked_at;
    }
    return std::move(effective_);
  }

 private:
  void error(const SourceLocation& where, std::string message, std::string hint = {}) {
    const auto read = read_.find(where.file);
    diagnostics_.push_back({DiagnosticSeverity::kError, where, std::move(message), std::move(hint),
                            read == read_.end() ? "" : read->second.line(where.line)});
  }

  void add_profile(const Profile::Reference& reference) {
    if (std::find(open_.begin(), open_.end(), reference.name) != open_.end()) {
      error(reference.where,
            fmt::format("profile \"{}\" extends itself: {} -> {}", reference.name,
                        join(open_, " -> "), reference.name),
            "take this one out, or one of those between");
      return;
    }
    // A parent that comes again must not undo what its child changed.
    if (!added_.insert(reference.name).second) return;
    const ReadProfile* read = read_profile(reference);
    if (!read) return;
    const Profile& profile = read->profile;
    open_.push_back(reference.name);
    for (const Profile::Reference& parent : profile.extends) add_profile(parent);
    for (const Profile::Reference& group : profile.rules) add_group(group, profile.name);
    add_own_rules(profile, read->text);
    for (const PlainTarget& target : profile.targets) replace_target(target);
    if (configured_.insert(profile.name).second) {
      settings_.insert(settings_.end(), profile.options.begin(), profile.options.end());
    }
    disabled_.insert(disabled_.end(), profile.disable.begin(), profile.disable.end());
    open_.pop_back();
    // Named on the command line, not pulled in by another profile.
    if (open_.empty()) effective_.names.push_back(profile.name);
  }

  /// Reads a profile once, though several may extend it. Null, with the reason told, if that fails.
  const ReadProfile* read_profile(const Profile::Reference& reference) {
    const auto known = profiles_.find(reference.name);
    if (known != profiles_.end()) return &known->second;
    auto text = source_.profile(reference.name);
    if (!text) {
      profile_missing(reference, text.error());
      return nullptr;
    }
    read_.try_emplace(text->file, *text, reference.where);
    Profile profile = parse_profile(*text, known_, diagnostics_);
    // An empty name means that the file was not TOML: which rules it asks for is then open.
    incomplete_ = incomplete_ || profile.name.empty();
    ReadProfile read{*std::move(text), std::move(profile)};
    return &profiles_.emplace(reference.name, std::move(read)).first->second;
  }

  void profile_missing(const Profile::Reference& reference, const Error& failure) {
    incomplete_ = true;
    if (failure.kind != ErrorKind::kNotFound) return error(reference.where, failure.message);
    error(reference.where, fmt::format("unknown profile \"{}\"", reference.name),
          hint_for(reference.name, [&] { return source_.profile_names(); }));
  }

  template <typename Names>
  std::string hint_for(const std::string& written, const Names& names) const {
    if (!may_guess(diagnostics_)) return {};
    const std::vector<std::string> known = names();
    if (std::string meant = did_you_mean(written, known); !meant.empty()) return meant;
    if (known.empty() || known.size() > kMostListed) return {};
    return "there are: " + join(known, ", ");
  }

  void add_group(const Profile::Reference& reference, const std::string& profile) {
    const auto same = [&](const ActiveGroup& active) {
      return active.group.name == reference.name;
    };
    if (std::any_of(effective_.groups.begin(), effective_.groups.end(), same)) return;
    const auto text = source_.rule_group(reference.name);
    if (!text) {
      incomplete_ = true;
      if (text.error().kind != ErrorKind::kNotFound) {
        return error(reference.where, text.error().message);
      }
      return error(reference.where, fmt::format("unknown rules \"{}\"", reference.name),
                   hint_for(reference.name, [&] { return source_.rule_group_names(); }));
    }
    read_.try_emplace(text->file, *text, reference.where);
    const size_t before = diagnostics_.size();
    effective_.groups.push_back(
        with_own_options(parse_rule_group(reference.name, *text, known_, diagnostics_), profile));
    if (reference.name == kGuardGroup) guards_ = guards_of(effective_.groups.back());
    incomplete_ = incomplete_ || diagnostics_.size() > before;
  }

  /// Rules that stand in the profile itself may read every option of its groups, and take the place
  /// of rules of the same id.
  void add_own_rules(const Profile& profile, const SourceText& source) {
    if (profile.rule_nodes.empty()) return;
    RuleGroup own;
    own.name = profile.file;
    for (const ActiveGroup& active : effective_.groups) {
      own.options.insert(active.group.options.begin(), active.group.options.end());
    }
    DiagnosticSink sink(source, diagnostics_);
    std::vector<const TomlNode*> nodes;
    for (const TomlNode& node : profile.rule_nodes) nodes.push_back(&node);
    own.rules = parse_rules(nodes, own.options, known_, sink);
    for (const Rule& rule : own.rules) remove_rule(rule.id);
    effective_.groups.push_back(with_own_options(std::move(own), profile.name));
  }

  static ActiveGroup guards_of(const ActiveGroup& active) {
    ActiveGroup guards{
        {active.group.name, active.group.options, {}}, active.options, active.profile};
    std::copy_if(active.group.rules.begin(), active.group.rules.end(),
                 std::back_inserter(guards.group.rules),
                 [](const Rule& rule) { return rule.guards_plan; });
    return guards;
  }

  /// The guards as they are written, whatever the profiles disable.
  void add_guards() {
    if (!guards_) {
      const auto text = source_.rule_group(kGuardGroup);
      if (!text) return;
      guards_ = guards_of(with_own_options(
          parse_rule_group(kGuardGroup, *text, known_, diagnostics_), kGuardGroup));
    }
    effective_.guards.push_back(*std::move(guards_));
  }

  void replace_target(PlainTarget target) {
    std::erase_if(targets_, [&](const PlainTarget& known) {
      return known.target.parameter == target.target.parameter;
    });
    targets_.push_back(std::move(target));
  }

  void add_target(PlainTarget target) {
    // Two profiles that extend the same third bring its target twice.
    const auto same = [&](const PlainTarget& known) {
      return known.target.parameter == target.target.parameter &&
             known.target.where == target.target.where;
    };
    auto& targets = effective_.targets;
    if (std::none_of(targets.begin(), targets.end(), same)) targets.push_back(std::move(target));
  }

  void apply_option(const Profile::OptionSetting& setting) {
    bool found = false;
    for (ActiveGroup& active : effective_.groups) {
      for (auto& [name, value] : active.options) {
        if (name != setting.name) continue;
        found = true;
        set_option(setting, value);
      }
    }
    if (found || incomplete_) return;
    error(setting.where, fmt::format("no rule of this profile reads option \"{}\"", setting.name),
          effective_.groups.empty() ? kNoRules
                                    : hint_for(setting.name, [&] { return option_names(); }));
  }

  std::vector<std::string> option_names() const {
    std::vector<std::string> names;
    for (const ActiveGroup& active : effective_.groups) {
      for (const auto& [name, value] : active.options) names.push_back(name);
    }
    return names;
  }

  void set_option(const Profile::OptionSetting& setting, expr::Value& value) {
    const auto* whole = std::get_if<int64_t>(&setting.value);
    if (whole && std::holds_alternative<double>(value)) {
      value = double(*whole);
    } else if (setting.value.index() == value.index()) {
      value = setting.value;
    } else {
      error(setting.where,
            fmt::format("option \"{}\" must be of type {}, not {}", setting.name,
                        expr::to_text(type_of_value(value)),
                        expr::to_text(type_of_value(setting.value))),
            fmt::format("its default is {}", expr::to_text(value)));
    }
  }

  size_t remove_rule(const RuleId& id) {
    size_t removed = 0;
    for (ActiveGroup& active : effective_.groups) {
      removed +=
          std::erase_if(active.group.rules, [&](const Rule& known) { return known.id == id; });
    }
    return removed;
  }

  void disable_rule(const Profile::Reference& rule) {
    if (remove_rule(rule.name) > 0 || incomplete_) return;
    error(rule.where, fmt::format("this profile has no rule \"{}\"", rule.name),
          effective_.groups.empty() ? kNoRules : hint_for(rule.name, [&] { return rule_ids(); }));
  }

  std::vector<std::string> rule_ids() const {
    std::vector<std::string> ids;
    for (const ActiveGroup& active : effective_.groups) {
      for (const Rule& rule : active.group.rules) ids.emplace_back(rule.id);
    }
    return ids;
  }

  const ProfileSource& source_;
  const ParameterKnowledge& known_;
  Diagnostics& diagnostics_;
  size_t already_there_;                         ///< diagnostics before this profile
  std::map<SharedText, ReadFile> read_;          ///< by name; the first time counts
  std::map<std::string, ReadProfile> profiles_;  ///< by the name that asked for it
  EffectiveProfile effective_;
  bool incomplete_ = false;  ///< rules that are asked for could not be read
  std::optional<ActiveGroup> guards_;
  std::vector<std::string> open_;     ///< from the named profile down to the one being read
  std::set<std::string> added_;       ///< below the named profile
  std::set<std::string> configured_;  ///< whose options are among settings_
  std::vector<PlainTarget> targets_;  ///< of the named profile being read
  std::vector<Profile::OptionSetting> settings_;
  std::vector<Profile::Reference> disabled_;
};

/// Gathers parameters, of which most are named by many rules.
class ParameterSet {
 public:
  void add(const ParameterName& name) {
    // Most names are there, and a hash tells that sooner than their order.
    if (seen_.insert(name.dotted()).second) names_.insert(name);
  }
  void add(const Rule& rule) {
    for (const ParameterName& name : rule.needs) add(name);
    for (const Target& target : rule.targets) add(target.parameter);
    for (const Target& target : rule.requires_) add(target.parameter);
  }
  void add(const PlainTarget& plain) { add_needed_parameters(names_of(plain), names_); }
  std::set<ParameterName> take() { return std::move(names_); }

 private:
  std::unordered_set<std::string_view> seen_;
  std::set<ParameterName> names_;
};

}  // namespace

EffectiveProfile resolve_profiles(const std::vector<std::string>& names,
                                  const ProfileSource& source, const ParameterKnowledge& known,
                                  Diagnostics& diagnostics) {
  return Resolver(source, known, diagnostics).resolve(names);
}

ActiveGroup with_own_options(RuleGroup group, const SharedText& profile) {
  ActiveGroup active{std::move(group), {}, profile};
  for (const auto& [name, option] : active.group.options) {
    active.options[name] = option.default_value;
  }
  return active;
}

EffectiveProfile asking_for(const EffectiveProfile& profile,
                            const std::set<ParameterName>& parameters) {
  const auto ask = [&](const std::vector<Target>& targets) {
    return std::ranges::any_of(
        targets, [&](const Target& target) { return parameters.contains(target.parameter); });
  };
  EffectiveProfile part{profile.names, {}, {}, {}};
  for (const ActiveGroup& active : profile.groups) {
    std::vector<Rule> rules;
    for (const Rule& rule : active.group.rules) {
      if (ask(rule.targets) || ask(rule.requires_)) rules.push_back(rule);
    }
    if (rules.empty()) continue;
    part.groups.push_back({{active.group.name, active.group.options, std::move(rules)},
                           active.options,
                           active.profile});
  }
  for (const PlainTarget& plain : profile.targets) {
    const bool asks = parameters.contains(plain.target.parameter) || ask(plain.requires_);
    if (asks) part.targets.push_back(plain);
  }
  return part;
}

std::set<ParameterName> parameters_of(const EffectiveProfile& profile) {
  ParameterSet parameters;
  for (const auto* groups : {&profile.groups, &profile.guards}) {
    for (const ActiveGroup& active : *groups) {
      for (const Rule& rule : active.group.rules) parameters.add(rule);
    }
  }
  for (const PlainTarget& plain : profile.targets) parameters.add(plain);
  return parameters.take();
}

}  // namespace advisor
