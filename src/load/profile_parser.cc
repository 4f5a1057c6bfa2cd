#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "facts/rule_scope.h"
#include "load/families.h"
#include "load/packed_files.h"
#include "load/profile.h"
#include "load/target_parser.h"
#include "model/side_writes.h"

namespace advisor {
namespace {

std::vector<Profile::Reference> read_references(TableReader& reader, const std::string& key) {
  std::vector<Profile::Reference> references;
  const std::vector<std::string> names = reader.texts(key);
  const TomlNode* node = reader.node(key);
  const auto* items = node ? node->as<TomlArray>() : nullptr;
  for (size_t i = 0; i < names.size(); ++i) {
    references.push_back({names[i], items ? (*items)[i].where : node->where});
  }
  return references;
}

std::vector<Profile::OptionSetting> read_options(TableReader& reader, DiagnosticSink& sink) {
  std::vector<Profile::OptionSetting> settings;
  for (const TomlEntry& entry : reader.table("options")) {
    const auto value = scalar_value(entry.value, sink);
    if (value) settings.push_back({entry.key, *value, entry.value.where});
  }
  return settings;
}

/// A bare value means "exactly"; a table holds the demand and what goes with it.
std::optional<PlainTarget> read_target(const TomlEntry& entry, const ParameterName& name,
                                       const ParameterKnowledge& known, const expr::Scope& scope,
                                       DiagnosticSink& sink) {
  PlainTarget plain;
  TomlNode table = entry.value;
  if (!table.as<TomlTable>()) table.value = TomlTable{{"exactly", entry.key_where, entry.value}};
  TableReader reader(table, "a target", sink);
  plain.because = reader.text("because");
  plain.if_present = reader.flag("if_present");
  plain.controls = reader.shared_texts("controls");
  if (const TomlNode* node = reader.node("when")) {
    plain.when = compile_condition(*node, scope, sink);
  }
  if (const TomlNode* node = reader.node("severity")) {
    const std::string text = reader.text("severity");
    const auto severity = parse_severity(text);
    if (node->as<std::string>() && (!severity || *severity == Severity::kInfo)) {
      sink.error(node->where,
                 severity ? "a target that only explains is none"
                          : fmt::format("unknown severity \"{}\"", text),
                 "one of: note, warning, critical");
    }
    plain.severity = severity.value_or(Severity::kNote);
  }
  plain.requires_ = parse_requirements(reader, known, scope, sink);
  auto target = parse_target(name, reader, entry.key_where, known, scope, sink);
  if (!target) return std::nullopt;
  plain.target = std::move(*target);
  return plain;
}

/// The demand as far as it is written down; nothing if it is computed on the host.
std::optional<Constraint> written_demand(const Target& target) {
  Constraint constraint{target.relation, {}, target.fields};
  for (const Operand& operand : target.operands) {
    const auto* value = std::get_if<TypedValue>(&operand);
    if (!value || !target.fields.empty()) return std::nullopt;
    constraint.operands.push_back(*value);
  }
  return constraint;
}

/// Why no value of one variable, which the two targets name differently, meets both; nothing if one
/// may.
std::optional<std::string> why_contradicting(const Target& first, const Target& second) {
  const auto one = written_demand(first);
  const auto two = written_demand(second);
  if (!one || !two || nearest_allowed(one->operands.front(), {*one, *two})) return std::nullopt;
  return fmt::format("{} is another name of {}, and no value meets both: {}, and {}",
                     second.parameter.dotted(), first.parameter.dotted(), to_text(*two),
                     to_text(*one));
}

/// What is wrong with two targets of one profile together; nothing if they go together.
std::optional<std::string> why_not_both(const PlainTarget& first, const PlainTarget& second,
                                        const Catalogue& catalogue) {
  const ParameterName& name = second.target.parameter;
  if (first.target.parameter == name) return fmt::format("{} is named twice", name.dotted());
  const auto other_names = other_names_of(name, catalogue);
  const bool same_variable =
      std::ranges::find(other_names, first.target.parameter) != other_names.end();
  // Perhaps they never hold on the same host.
  if (!same_variable || first.when || second.when) return std::nullopt;
  return why_contradicting(first.target, second.target);
}

/// Reports targets that do not go together, at the one that stands below.
void check_together(std::vector<const PlainTarget*> targets, const Catalogue& catalogue,
                    DiagnosticSink& sink) {
  std::ranges::stable_sort(targets, {}, [](const PlainTarget* one) {
    return std::pair(one->target.where.line, one->target.where.column);
  });
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      auto fault = why_not_both(*targets[k], *targets[i], catalogue);
      if (!fault) continue;
      sink.error(targets[i]->target.where, *std::move(fault),
                 "the other stands at " + to_text(targets[k]->target.where));
    }
  }
}

}  // namespace

Profile parse_profile(const SourceText& source, const ParameterKnowledge& known,
                      Diagnostics& diagnostics) {
  if (!source.packed.empty() && known.catalogue.is_as_built()) {
    return unpacked_profile(source, known, diagnostics);
  }
  Profile profile;
  profile.file = source.file;
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return profile;
  }
  DiagnosticSink sink(source, diagnostics);
  TableReader reader(std::get<TomlNode>(parsed), "a profile", sink);
  profile.name = reader.required_text("name");
  profile.summary = reader.required_text("summary");
  profile.extends = read_references(reader, "extends");
  profile.rules = read_references(reader, "rules");
  profile.disable = read_references(reader, "disable");
  profile.options = read_options(reader, sink);

  for (const TomlNode* node : reader.tables("rule")) profile.rule_nodes.push_back(*node);

  const std::map<std::string, OptionInfo> no_options;
  const RuleScope scope(known.catalogue, no_options);
  if (const TomlNode* node = reader.node("recommend_when")) {
    profile.recommend_when = compile_condition(*node, scope, sink);
  }
  for (const TomlEntry& entry : reader.table("targets")) {
    const auto name = parse_known_parameter(entry.key, entry.key_where, known, sink);
    auto plain = name ? read_target(entry, *name, known, scope, sink) : std::nullopt;
    if (!plain) continue;
    plain->profile = profile.name;
    profile.targets.push_back(*std::move(plain));
  }
  expand_families(profile.targets, known, diagnostics);
  std::vector<const PlainTarget*> targets;
  for (const PlainTarget& plain : profile.targets) targets.push_back(&plain);
  check_together(std::move(targets), known.catalogue, sink);
  return profile;
}

}  // namespace advisor
