#include "load/rule_parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "facts/rule_scope.h"
#include "load/families.h"
#include "load/packed_files.h"
#include "load/rule_names.h"
#include "load/target_parser.h"

namespace advisor {
namespace {

/// What must be read to judge a rule. Which parameters a `*` stands for is for each host to say.
std::vector<ParameterName> needed_by(const Rule& rule) {
  std::set<ParameterName> parameters;
  add_needed_parameters(names_of(rule), parameters);
  std::erase_if(parameters, [](const ParameterName& name) {
    return name.dotted().find('*') != std::string::npos;
  });
  return {parameters.begin(), parameters.end()};
}

class RuleReader {
 public:
  RuleReader(const expr::Scope& scope, const ParameterKnowledge& known, DiagnosticSink& sink)
      : scope_(scope), known_(known), sink_(sink) {}

  std::optional<Rule> read(const TomlNode& node) {
    TableReader reader(node, "a rule", sink_);
    const std::string id = reader.required_text("id");
    auto condition = read_condition(reader.required_node("when"));
    std::vector<expr::Expression> applies = read_applies(reader);
    auto critical_when = read_condition(reader.node("critical_when"));
    std::vector<Target> targets = read_targets(reader);
    std::vector<Target> preconditions = parse_requirements(reader, known_, scope_, sink_);
    const std::optional<Severity> severity = read_severity(reader);
    expr::Message evidence = read_message(reader, "evidence", true);
    expr::Message because = read_message(reader, "because", true);
    expr::Message remedy = read_message(reader, "remedy", false);
    const bool has_remedy = reader.node("remedy") != nullptr;
    std::string title = reader.required_text("title");
    std::string cost = reader.text("cost");
    std::vector<SharedText> symptoms = reader.shared_texts("symptoms");
    std::vector<SharedText> controls = reader.shared_texts("controls");
    std::vector<SharedText> reference = reader.shared_texts("reference");
    const bool guards_plan = reader.flag("guard");
    const TomlNode* target = reader.node("target");
    const auto* list = target ? target->as<TomlArray>() : nullptr;
    if (list && list->empty()) target = nullptr;
    if (!target && !has_remedy && severity && *severity != Severity::kInfo) {
      sink_.error(node.where, fmt::format("rule \"{}\" advises nothing", id),
                  "give it a target, a remedy, or severity = \"info\"");
    }
    if (target && severity == Severity::kInfo) {
      sink_.error(target->where, fmt::format("rule \"{}\" only explains, yet has a target", id),
                  "give it a severity of note or above, or leave the target out");
    }
    if (!condition || !severity) return std::nullopt;
    Rule rule{
        .id = id,
        .title = std::move(title),
        .fine = reader.text("fine"),
        .applies = std::move(applies),
        .when = std::move(*condition),
        .targets = std::move(targets),
        .requires_ = std::move(preconditions),
        .severity = *severity,
        .critical_when = std::move(critical_when),
        .evidence = std::move(evidence),
        .because = std::move(because),
        .remedy = std::move(remedy),
        .has_remedy = has_remedy,
        .cost = std::move(cost),
        .symptoms = std::move(symptoms),
        .controls = std::move(controls),
        .reference = std::move(reference),
        .where = node.where,
        .guards_plan = guards_plan,
    };
    rule.needs = needed_by(rule);
    return rule;
  }

 private:
  expr::Message read_message(TableReader& reader, const std::string& key, bool required) {
    const TomlNode* node = required ? reader.required_node(key) : reader.node(key);
    auto message = node ? compile_message(*node, scope_, sink_) : std::nullopt;
    return message ? std::move(*message) : expr::Message();
  }

  /// Nothing if there is no condition, or a wrong one, which has been reported.
  std::optional<expr::Expression> read_condition(const TomlNode* node) {
    return node ? compile_condition(*node, scope_, sink_) : std::nullopt;
  }

  std::vector<expr::Expression> read_applies(TableReader& reader) {
    std::vector<expr::Expression> conditions;
    const auto add = [&](const TomlNode* node) {
      if (auto condition = read_condition(node)) conditions.push_back(*std::move(condition));
    };
    const TomlNode* node = reader.node("applies");
    const auto* list = node ? node->as<TomlArray>() : nullptr;
    if (!list) add(node);
    for (const TomlNode& item : list ? *list : TomlArray()) add(&item);
    return conditions;
  }

  std::optional<Severity> read_severity(TableReader& reader) {
    const std::string text = reader.required_text("severity");
    const auto severity = parse_severity(text);
    const TomlNode* node = reader.node("severity");
    if (!severity && node && node->as<std::string>()) {
      sink_.error(node->where, fmt::format("unknown severity \"{}\"", text),
                  "one of: info, note, warning, critical");
    }
    return severity;
  }

  std::vector<Target> read_targets(TableReader& rule) {
    std::vector<Target> targets;
    for (const TomlNode* node : rule.tables("target")) {
      TableReader reader(*node, "a target", sink_);
      const std::string text = reader.required_text("parameter");
      const TomlNode* name_node = reader.node("parameter");
      ignore_demands(reader);
      if (!name_node) continue;
      const auto name = parse_known_parameter(text, name_node->where, known_, sink_);
      const auto target =
          name ? parse_target(*name, reader, node->where, known_, scope_, sink_) : std::nullopt;
      if (!target) continue;
      targets.push_back(*target);
    }
    expand_families(targets, known_, sink_.out());
    return targets;
  }

  const expr::Scope& scope_;
  const ParameterKnowledge& known_;
  DiagnosticSink& sink_;
};

void read_options(TableReader& reader, RuleGroup& group, DiagnosticSink& sink) {
  for (const TomlEntry& entry : reader.table("options")) {
    if (!entry.value.as<TomlTable>()) {
      sink.error(entry.value.where,
                 fmt::format("an option must be a table, not {}", entry.value.kind()),
                 "write { default = ..., meaning = \"...\" }");
      // The option is kept, so that rules which read it are not reported as well.
      const auto value =
          entry.value.as<TomlArray>() ? std::nullopt : scalar_value(entry.value, sink);
      if (value) group.options[entry.key] = {*value, {}};
      continue;
    }
    TableReader option(entry.value, "an option", sink);
    const TomlNode* node = option.required_node("default");
    const std::string meaning = option.required_text("meaning");
    const auto value = node ? scalar_value(*node, sink) : std::nullopt;
    if (value) group.options[entry.key] = {*value, meaning};
  }
}

}  // namespace

RuleGroup parse_rule_group(const std::string& name, const SourceText& source,
                           const ParameterKnowledge& known, Diagnostics& diagnostics) {
  if (!source.packed.empty() && known.catalogue.is_as_built()) {
    return unpacked_rule_group(source, known, diagnostics);
  }
  RuleGroup group;
  group.name = name;
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return group;
  }
  DiagnosticSink sink(source, diagnostics);
  TableReader reader(std::get<TomlNode>(parsed), "a rule file", sink);
  read_options(reader, group, sink);
  group.rules = parse_rules(reader.tables("rule"), group.options, known, sink);
  return group;
}

std::vector<Rule> parse_rules(const std::vector<const TomlNode*>& nodes,
                              const std::map<std::string, OptionInfo>& options,
                              const ParameterKnowledge& known, DiagnosticSink& sink) {
  const RuleScope scope(known.catalogue, options);
  RuleReader reader(scope, known, sink);
  std::vector<Rule> rules;
  for (const TomlNode* node : nodes) {
    auto rule = reader.read(*node);
    if (!rule) continue;
    const auto other = std::find_if(rules.begin(), rules.end(),
                                    [&](const Rule& earlier) { return earlier.id == rule->id; });
    if (other != rules.end()) {
      sink.error(node->where, fmt::format("there are two rules \"{}\"", rule->id),
                 "the other stands at " + to_text(other->where));
    }
    rules.push_back(std::move(*rule));
  }
  return rules;
}

}  // namespace advisor
