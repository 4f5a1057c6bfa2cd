#include "load/target_parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "load/families.h"
#include "model/write.h"

namespace advisor {
namespace {

/// The text that a written-down TOML value would have under /proc/sys; nothing for an expression.
std::optional<std::string> literal_text(const ParameterInfo& info, const TomlNode& node) {
  if (const auto* number = node.as<int64_t>()) return std::to_string(*number);
  if (const auto* flag = node.as<bool>()) return *flag ? "1" : "0";
  if (const auto* text = node.as<std::string>()) {
    const bool is_value = typed(info, ParameterValue(*text)).has_value();
    return is_value ? std::optional(*text) : std::nullopt;
  }
  const auto* items = node.as<TomlArray>();
  if (!items) return std::nullopt;
  std::vector<std::string> words;
  for (const TomlNode& item : *items) {
    const auto* number = item.as<int64_t>();
    if (!number) return std::nullopt;
    words.push_back(std::to_string(*number));
  }
  return join(words, info.type == ParameterType::kPortSet ? "," : " ");
}

bool type_fits(const ParameterInfo& info, expr::Type type) {
  if (field_count(info) == 0) return type == expr::Type::kString;
  if (field_count(info) == 1) return type == expr::Type::kInt;
  return type == expr::Type::kIntList;
}

/// The first item of a list that is no whole number; null if there is none.
const TomlNode* unfit_item(const TomlNode& node) {
  const auto* items = node.as<TomlArray>();
  if (!items) return nullptr;
  const auto unfit = std::find_if(items->begin(), items->end(),
                                  [](const TomlNode& item) { return !item.as<int64_t>(); });
  return unfit == items->end() ? nullptr : &*unfit;
}

/// The value that the text is, if the parameter may have it.
std::optional<Operand> checked_value(const ParameterInfo& info, const std::string& text,
                                     const SourceLocation& where, DiagnosticSink& sink) {
  if (info.type == ParameterType::kString && text.find('\n') != std::string::npos) {
    sink.error(where,
               fmt::format("{} is one line, and this value has a line end", info.name.dotted()));
    return std::nullopt;
  }
  const ParameterValue value(text);
  if (const auto refusal = why_not_taken(info, std::nullopt, value)) {
    sink.error(where, fmt::format("{} = {} is not a value for this parameter: {}",
                                  info.name.dotted(), value.text(), *refusal));
    return std::nullopt;
  }
  if (const auto senseless = why_invalid(info, value)) {
    sink.error(where, fmt::format("{} = {} makes no sense, though the kernel takes it: {}",
                                  info.name.dotted(), value.text(), *senseless));
    return std::nullopt;
  }
  return *typed(info, value);
}

/// What an expression has to work with that speaks of nothing.
class NoBindings final : public expr::Bindings {
 public:
  expr::Value value_of(std::string_view) const override { return expr::Unknown{}; }
};

/// An expression; one that speaks of nothing is the value that it comes to, and judged as such.
std::optional<Operand> parse_computed(const ParameterInfo& info, const TomlNode& node,
                                      const expr::Scope& scope, DiagnosticSink& sink) {
  const std::string hint = "it is read as an expression; as a value " + expected_form(info);
  auto computed = compile_expression(node, scope, sink, hint);
  if (!computed) return std::nullopt;
  if (!type_fits(info, computed->type())) {
    const bool whole_is_meant = field_count(info) == 1 && computed->type() == expr::Type::kDouble;
    sink.error(node.where,
               fmt::format("{} cannot be computed by an expression of type {}", info.name.dotted(),
                           expr::to_text(computed->type())),
               whole_is_meant ? "write int(...) around it" : hint);
    return std::nullopt;
  }
  if (!computed->names().empty()) return *computed;
  const expr::Value value = computed->value(NoBindings());
  if (const auto text = procfs_text(value)) return checked_value(info, *text, node.where, sink);
  sink.error(node.where,
             fmt::format("{} cannot be computed: {}", info.name.dotted(), expr::to_text(value)));
  return std::nullopt;
}

std::optional<Operand> parse_operand(const ParameterInfo& info, const TomlNode& node,
                                     const expr::Scope& scope, DiagnosticSink& sink) {
  const auto literal = literal_text(info, node);
  if (!literal && node.as<std::string>()) return parse_computed(info, node, scope, sink);
  if (!literal) {
    const TomlNode* item = unfit_item(node);
    const TomlNode& unfit = item ? *item : node;
    sink.error(unfit.where,
               fmt::format("a value of {} cannot {} {}", info.name.dotted(), item ? "hold" : "be",
                           unfit.kind()),
               expected_form(info));
    return std::nullopt;
  }
  return checked_value(info, *literal, node.where, sink);
}

/// What a parameter of this type needs in place of the relation; nothing if the relation fits.
std::optional<std::string> why_unfit(Relation relation, const ParameterInfo& info) {
  switch (relation) {
    case Relation::kAtLeast:
    case Relation::kAtMost:
      if (field_count(info) == 0) return "numbers";
      break;
    case Relation::kCovers:
      if (info.type != ParameterType::kRange) return "a range";
      break;
    case Relation::kIncludes:
      if (info.type != ParameterType::kPortSet) return "a port set";
      break;
    case Relation::kExactly:
    case Relation::kOneOf:
      break;
  }
  return std::nullopt;
}

std::vector<std::string> fitting_relations(const ParameterInfo& info) {
  std::vector<std::string> names;
  for (const Relation relation : all_relations()) {
    if (!why_unfit(relation, info)) names.emplace_back(name_of(relation));
  }
  return names;
}

/// What is assumed of a parameter that is not in the catalogue: one number, or else text.
ParameterInfo uncatalogued(const ParameterName& name, const TomlNode& operand) {
  ParameterInfo info;
  info.name = name;
  const bool number = operand.as<int64_t>() || operand.as<bool>();
  info.type = number ? ParameterType::kInt : ParameterType::kString;
  return info;
}

/// The demand `{ max = 4096 }` on some numbers of a vector.
std::optional<Target> parse_field_demand(const ParameterInfo& info, Relation relation,
                                         const TomlNode& node, const expr::Scope& scope,
                                         DiagnosticSink& sink) {
  const bool per_field = relation == Relation::kExactly || relation == Relation::kAtLeast ||
                         relation == Relation::kAtMost;
  if (!per_field || info.fields.empty()) {
    sink.error(node.where,
               fmt::format("{} of {} cannot be given for a field alone", name_of(relation),
                           info.name.dotted()),
               info.fields.empty() ? "it has no fields: " + expected_form(info)
                                   : "exactly, at_least and at_most can");
    return std::nullopt;
  }
  Target target{info.name, relation, {}, {}, node.where};
  bool right = true;
  for (const TomlEntry& entry : *node.as<TomlTable>()) {
    const auto field = std::find(info.fields.begin(), info.fields.end(), entry.key);
    if (field == info.fields.end()) {
      sink.error(entry.key_where,
                 fmt::format("{} has no field \"{}\"", info.name.dotted(), entry.key),
                 "its fields: " + join(info.fields, ", "));
      right = false;
      continue;
    }
    auto operand = parse_operand(field_of(info), entry.value, scope, sink);
    right = right && operand;
    if (!operand) continue;
    target.fields.push_back(size_t(field - info.fields.begin()));
    target.operands.push_back(std::move(*operand));
  }
  if (!right) return std::nullopt;
  if (!target.fields.empty()) return target;
  sink.error(node.where, "which field is meant? one of: " + join(info.fields, ", "));
  return std::nullopt;
}

/// Reports a field where a relation should stand: { max = 1 }. False if there is none.
bool report_bare_field(const ParameterInfo& info, TableReader& reader, DiagnosticSink& sink) {
  bool found = false;
  for (const std::string& field : info.fields) {
    const TomlNode* node = reader.node(field);
    if (!node) continue;
    found = true;
    sink.error(node->where, fmt::format("what is wanted of \"{}\"?", field),
               fmt::format("write at_least = {{ {} = ... }}, or exactly, or at_most", field));
  }
  return found;
}

/// Each relation with the entry that names it; entries that are absent are left out.
std::vector<std::pair<Relation, const TomlNode*>> demands_in(TableReader& reader) {
  std::vector<std::pair<Relation, const TomlNode*>> demands;
  for (const Relation relation : all_relations()) {
    if (const TomlNode* node = reader.node(name_of(relation))) demands.emplace_back(relation, node);
  }
  return demands;
}

}  // namespace

std::optional<std::vector<Operand>> parse_operands(const ParameterInfo& info, Relation relation,
                                                   const TomlNode& node, const expr::Scope& scope,
                                                   DiagnosticSink& sink) {
  if (const auto needed = why_unfit(relation, info)) {
    sink.error(node.where,
               fmt::format("{} works on {} only, which {} is not", name_of(relation), *needed,
                           info.name.dotted()),
               "it takes " + join(fitting_relations(info), ", "));
    return std::nullopt;
  }
  std::vector<const TomlNode*> nodes{&node};
  if (relation == Relation::kOneOf) {
    const auto* items = node.as<TomlArray>();
    if (!items || items->empty()) {
      sink.error(node.where, "one_of needs a list of values", "such as one_of = [1, 2]");
      return std::nullopt;
    }
    nodes.clear();
    for (const TomlNode& item : *items) nodes.push_back(&item);
  }
  std::vector<Operand> operands;
  for (const TomlNode* item : nodes) {
    auto operand = parse_operand(info, *item, scope, sink);
    if (operand) operands.push_back(std::move(*operand));
  }
  return operands.size() == nodes.size() ? std::optional(std::move(operands)) : std::nullopt;
}

std::optional<Target> parse_target(const ParameterName& parameter, TableReader& reader,
                                   const SourceLocation& where, const ParameterKnowledge& known,
                                   const expr::Scope& scope, DiagnosticSink& sink) {
  const auto demands = demands_in(reader);
  const ParameterInfo* row = known.catalogue.find(parameter);
  if (demands.empty()) {
    if (row && report_bare_field(*row, reader, sink)) return std::nullopt;
    // An unknown entry is taken for the demand, and will be reported as misspelt.
    if (reader.has_unasked()) return std::nullopt;
    sink.error(where, fmt::format("{} needs a demand such as at_least = 1", parameter.dotted()),
               "one of: " + relation_names());
    return std::nullopt;
  }
  const auto& [relation, node] = demands.front();
  if (demands.size() > 1) {
    sink.error(demands[1].second->where,
               fmt::format("{} has two demands; write one", parameter.dotted()));
    return std::nullopt;
  }
  const ParameterInfo info = row ? *row : uncatalogued(parameter, *node);
  if (node->as<TomlTable>()) {
    auto target = parse_field_demand(info, relation, *node, scope, sink);
    if (target) target->where = where;
    return target;
  }
  auto operands = parse_operands(info, relation, *node, scope, sink);
  if (!operands) return std::nullopt;
  return Target{parameter, relation, std::move(*operands), {}, where};
}

void ignore_demands(TableReader& reader) {
  demands_in(reader);
}

std::vector<Target> parse_requirements(TableReader& reader, const ParameterKnowledge& known,
                                       const expr::Scope& scope, DiagnosticSink& sink) {
  std::vector<Target> targets;
  for (const TomlEntry& entry : reader.table("requires")) {
    if (const auto name = parse_known_parameter(entry.key, entry.key_where, known, sink)) {
      if (!entry.value.as<TomlTable>()) {
        sink.error(entry.value.where,
                   fmt::format("a requirement must be a table, not {}", entry.value.kind()),
                   "write { exactly = ... } around the value");
        continue;
      }
      TableReader requirement(entry.value, "a requirement", sink);
      const auto target = parse_target(*name, requirement, entry.key_where, known, scope, sink);
      if (target) targets.push_back(*target);
    }
  }
  expand_families(targets, known, sink.out());
  return targets;
}

}  // namespace advisor
