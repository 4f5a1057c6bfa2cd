#include "render/json_explain.h"

#include "model/catalogue_words.h"
#include "model/parameter_cost.h"
#include "render/json_boot.h"
#include "render/json_report.h"

namespace advisor {
namespace {

Json numbers_json(const std::vector<int64_t>& numbers) {
  return Json::each(numbers, [](int64_t number) { return Json(number); });
}

Json value_json(const Reading& reading) {
  return reading ? Json(reading->text()) : Json(nullptr);
}

Json error_json(const Reading& reading) {
  return reading ? Json(nullptr) : Json(reading.error().message);
}

Json earlier_json(const EarlierDefault& earlier) {
  return Json::Object{{"until", earlier.until}, {"value", earlier.value}};
}

Json refused_json(const std::vector<RefusedWhile>& refused) {
  return Json::each(refused, [](const RefusedWhile& one) {
    return Json(Json::Object{{"parameter", one.other}, {"numbers", numbers_json(one.numbers)}});
  });
}

Json bit_json(const NamedBit& bit) {
  return Json::Object{{"value", bit.value}, {"meaning", bit.meaning}};
}

Json range_json(const KernelRange& range) {
  return Json::Object{{"low", Json::or_null(range.low)}, {"high", Json::or_null(range.high)}};
}

Json earlier_range_json(const EarlierRange& earlier) {
  return Json::Object{{"until", earlier.until}, {"range", range_json(earlier.range)}};
}

/// The row of the catalogue.
Json info_json(const std::optional<ParameterInfo>& row) {
  if (!row) return nullptr;
  const ParameterInfo& info = *row;
  const auto name = [](const ParameterName& parameter) { return Json(parameter.dotted()); };
  return Json::Object{
      {"type", word_for(info.type)},
      {"access", word_for(info.access)},
      {"unit", info.unit},
      {"fields", Json::array_of(info.fields)},
      {"ordered", info.ordered},
      {"min", Json::or_null(info.min)},
      {"max", Json::or_null(info.max)},
      {"unlimited", Json::or_null(info.unlimited)},
      {"handler", word_for(info.handler)},
      {"accepts", range_json(info.accepts)},
      {"accepts_before", Json::each(info.accepts_before, earlier_range_json)},
      {"surely", range_json(info.surely)},
      {"rounded", word_for(info.rounding)},
      {"values", Json::array_of(info.values)},
      {"bits", Json::each(info.bits, bit_json)},
      {"max_length", Json::or_null(info.max_length)},
      {"default", Json::or_null(info.default_value)},
      {"default_formula", info.default_formula},
      {"default_before", Json::each(info.default_before, earlier_json)},
      {"namespace", word_for(info.per)},
      {"new_namespace", word_for(info.in_new_namespace)},
      {"since", info.since},
      {"removed", info.removed},
      {"inert_since", info.inert_since},
      {"effect", info.effect},
      {"safe_in_pods_since", Json::text_or_null(std::string(info.safe_in_pods_since))},
      {"takes_effect", info.takes_effect ? Json(word_for(*info.takes_effect)) : Json(nullptr)},
      {"memory_each", Json::or_null(info.memory_each)},
      {"one_way", numbers_json(info.one_way)},
      {"excludes", Json::each(info.excludes, name)},
      {"moves", Json::array_of(info.moves)},
      {"not_above", Json::array_of(info.not_above)},
      {"not_below", Json::array_of(info.not_below)},
      {"refused_while", refused_json(info.refused_while)},
      {"ceiling_of", Json::array_of(info.ceiling_of)},
      {"module", info.module},
      {"runs_code", info.runs_code},
      {"meaning", info.meaning},
      {"cost", costs_in_words(info)},
      {"symptoms", Json::array_of(info.symptoms)},
      {"reference", Json::array_of(info.reference)},
      {"open", Json::array_of(info.open)}};
}

Json loaders_json(SysctlLoaders loaders) {
  Json::Array names;
  for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
    if (loaders.has(loader)) names.emplace_back(to_text(loader));
  }
  return names;
}

Json line_json(const PersistentSetting& line) {
  return Json::Object{
      {"parameter", line.parameter.dotted()}, {"where", to_text(line.where)},
      {"value", Json::or_null(line.value)},   {"ignores_errors", line.ignores_errors},
      {"from_glob", line.from_glob},          {"read_by", loaders_json(line.read_by)},
      {"wins", loaders_json(line.wins)}};
}

Json outcome_json(const BootOutcome& outcome) {
  return Json::Object{{"by", loaders_json(outcome.by)},
                      {"line", outcome.line ? line_json(*outcome.line) : Json(nullptr)},
                      {"value", outcome.value ? Json(outcome.value->text()) : Json(nullptr)},
                      {"stands", Json::or_null(outcome.stands)}};
}

Json boot_json(const BootSettings& boot) {
  return Json::Object{{"loader", boot.loader ? Json(to_text(*boot.loader)) : Json(nullptr)},
                      {"loader_because", boot.loader_because},
                      {"lines", Json::each(boot.lines, line_json)},
                      {"outcomes", Json::each(boot.outcomes, outcome_json)},
                      {"unread", Json::array_of(boot.unread)},
                      {"other_writers", Json::each(boot.others, json_other_setting)}};
}

Json option_json(const RuleExplanation::Option& option) {
  return Json::Object{{"name", option.name}, {"value", option.value}, {"meaning", option.meaning}};
}

Json now_json(const RuleExplanation::ParameterNow& parameter) {
  return Json::Object{{"parameter", parameter.parameter.dotted()},
                      {"value", value_json(parameter.now)},
                      {"error", error_json(parameter.now)}};
}

Json proof_json(const RuleExplanation::RuleProof& proof) {
  return Json::Object{{"id", proof.id}, {"says", proof.says}};
}

Json rule_json(const RuleExplanation& rule) {
  return Json::Object{{"finding", json_finding(rule.finding)},
                      {"group", rule.group},
                      {"in_profile", rule.in_profile},
                      {"applies", Json::array_of(rule.applies)},
                      {"condition", rule.condition},
                      {"critical_when", Json::text_or_null(rule.critical_when)},
                      {"options", Json::each(rule.options, option_json)},
                      {"targets", Json::array_of(rule.targets)},
                      {"requires", Json::array_of(rule.requirements)},
                      {"parameters", Json::each(rule.parameters, now_json)},
                      {"proofs", Json::each(rule.proofs, proof_json)}};
}

Json field_json(const ParameterExplanation::Field& field) {
  return Json::Object{{"name", field.name}, {"value", field.value}};
}

Json parameter_json(const ParameterExplanation& parameter) {
  constexpr const char* kSupport[] = {"present", "not-yet", "inert", "dropped"};
  return Json::Object{{"parameter", parameter.parameter.dotted()},
                      {"value", value_json(parameter.now)},
                      {"error", error_json(parameter.now)},
                      {"fields", Json::each(parameter.fields, field_json)},
                      {"bits", numbers_json(parameter.bits)},
                      {"kernel_default", Json::or_null(parameter.kernel_default)},
                      {"at_default", Json::or_null(parameter.at_default)},
                      {"kernel_support", kSupport[size_t(parameter.support)]},
                      {"catalogue", info_json(parameter.info)},
                      {"boot", boot_json(parameter.boot)},
                      {"rules", Json::each(parameter.rules, rule_json)}};
}

Json lint_rule_json(const LintRuleText& rule) {
  return Json::Object{{"id", rule.id},
                      {"verdict", name_of(rule.verdict)},
                      {"severity", name_of(rule.severity)},
                      {"parameters", Json::array_of(rule.parameters)},
                      {"when", Json::text_or_null(rule.when)},
                      {"kernels", Json::text_or_null(rule.kernels)},
                      {"why", rule.why},
                      {"instead", Json::text_or_null(rule.instead)},
                      {"reference", Json::array_of(rule.reference)}};
}

Json symptom_json(const Symptom& symptom) {
  Json::Array parameters;
  for (const ParameterName& name : symptom.parameters) parameters.emplace_back(name.dotted());
  return Json::Object{{"said", symptom.said},
                      {"rules", Json::array_of(symptom.rules)},
                      {"parameters", std::move(parameters)}};
}

}  // namespace

Json json_explanation(const Explanation& explanation) {
  const Host& host = explanation.host;
  return Json::Object{{"schema", "sysctl-advisor/explain/3"},
                      {"profiles", Json::array_of(explanation.profiles)},
                      {"host", Json::Object{{"name", host.name}, {"kernel", host.kernel}}},
                      {"interval_seconds", explanation.interval_seconds},
                      {"symptoms", Json::each(explanation.symptoms, symptom_json)},
                      {"parameters", Json::each(explanation.parameters, parameter_json)},
                      {"rules", Json::each(explanation.rules, rule_json)},
                      {"lint", Json::each(explanation.lint, lint_rule_json)}};
}

}  // namespace advisor
