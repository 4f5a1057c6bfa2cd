#include "load/lint_rules.h"

#include <fmt/format.h>

#include <map>

#include "facts/rule_scope.h"
#include "load/expression_reader.h"
#include "load/table_reader.h"

namespace advisor {
namespace {

const std::map<std::string, OptionInfo> kNoOptions;

/// The name of the parameter whose type `value` and `default` have.
std::string name_of_subject(const ParameterName& subject) {
  return "sysctl." + std::string(subject.dotted());
}

bool is_of_line(const std::string& name) {
  return name == kLintValue || name == kLintDefault;
}

class LintRuleReader {
 public:
  LintRuleReader(const Catalogue& catalogue, DiagnosticSink& sink)
      : catalogue_(catalogue), sink_(sink) {}

  std::optional<LintRule> read(const TomlNode& node) {
    TableReader reader(node, "a remark", sink_);
    LintRule rule;
    rule.where = node.where;
    rule.id = reader.required_text("id");
    const bool named = read_parameters(reader, rule);
    rule.since = read_version(reader, "since");
    rule.before = read_version(reader, "before");
    rule.profiles = reader.texts("profiles");
    rule.unless_profiles = reader.texts("unless_profiles");
    if (reader.node("container")) rule.container = reader.flag("container");
    rule.instead = reader.text("instead");
    rule.reference = reader.texts("reference");
    const bool judged = read_judgement(reader, rule);
    const TomlNode* when = reader.node("when");
    const TomlNode* why = reader.required_node("why");
    if (!named || !judged || !why) return std::nullopt;
    const LintScope scope(catalogue_, rule.parameters.front());
    if (when) {
      rule.when = compile_condition(*when, scope, sink_);
      if (!rule.when) return std::nullopt;
    }
    auto message = compile_message(*why, scope, sink_);
    if (!message) return std::nullopt;
    rule.why = *std::move(message);
    rule.why_written = reader.text("why");
    return rule;
  }

 private:
  bool read_parameters(TableReader& reader, LintRule& rule) {
    const TomlNode* node = reader.required_node("parameter");
    if (!node) return false;
    std::optional<expr::Type> type;
    for (const std::string& text : reader.texts("parameter")) {
      const auto name = ParameterName::parse(text);
      const auto its = name ? LintScope(catalogue_, *name).type_of(kLintValue) : std::nullopt;
      if (!its) {
        sink_.error(node->where, fmt::format("unknown parameter \"{}\"", text));
        return false;
      }
      if (type && *type != *its) {
        sink_.error(node->where, "the parameters of one remark must be of one type",
                    fmt::format("{} is {}, those before it are {}", text, expr::to_text(*its),
                                expr::to_text(*type)));
        return false;
      }
      type = its;
      rule.parameters.push_back(*name);
    }
    return !rule.parameters.empty();
  }

  std::optional<KernelVersion> read_version(TableReader& reader, const char* key) {
    const TomlNode* node = reader.node(key);
    if (!node) return std::nullopt;
    auto version = KernelVersion::parse(reader.text(key));
    if (!version) sink_.error(node->where, "this is no version of a kernel", "such as \"5.4\"");
    return version;
  }

  bool read_judgement(TableReader& reader, LintRule& rule) {
    const TomlNode* verdict_node = reader.required_node("verdict");
    const TomlNode* severity_node = reader.required_node("severity");
    const auto verdict = parse_lint_verdict(reader.text("verdict"));
    const auto severity = parse_lint_severity(reader.text("severity"));
    if (verdict_node && !verdict) sink_.error(verdict_node->where, "this is no verdict");
    if (severity_node && !severity) {
      sink_.error(severity_node->where, "this is no severity", "one of: note, warning, error");
    }
    if (!verdict || !severity) return false;
    rule.verdict = *verdict;
    rule.severity = *severity;
    return true;
  }

  const Catalogue& catalogue_;
  DiagnosticSink& sink_;
};

}  // namespace

std::optional<expr::Type> LintScope::type_of(const std::string& name) const {
  const RuleScope scope(catalogue_, kNoOptions);
  if (is_of_line(name)) return scope.type_of(name_of_subject(subject_));
  return name.starts_with("sysctl.") ? scope.type_of(name) : std::nullopt;
}

std::optional<size_t> LintScope::size_of(const std::string& name) const {
  return RuleScope(catalogue_, kNoOptions)
      .size_of(is_of_line(name) ? name_of_subject(subject_) : name);
}

std::vector<std::string> LintScope::names() const {
  std::vector<std::string> names{kLintValue, kLintDefault};
  for (const std::string& key : catalogue_.keys()) names.push_back("sysctl." + key);
  return names;
}

void add_lint_rules(const SourceText& source, const Catalogue& catalogue, LintKnowledge& knowledge,
                    Diagnostics& diagnostics) {
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return;
  }
  DiagnosticSink sink(source, diagnostics);
  TableReader reader(std::get<TomlNode>(parsed), "a file of remarks", sink);
  LintRuleReader of_rules(catalogue, sink);
  for (const TomlNode* node : reader.tables("remark")) {
    auto rule = of_rules.read(*node);
    if (rule) knowledge.rules.push_back(*std::move(rule));
  }
  for (const TomlNode* node : reader.tables("no_parameter")) {
    TableReader no_parameter(*node, "a name of no parameter", sink);
    std::string key = no_parameter.required_text("key");
    std::string why = no_parameter.required_text("why");
    knowledge.no_parameters.push_back(
        {std::move(key), std::move(why), no_parameter.text("module")});
  }
}

}  // namespace advisor
