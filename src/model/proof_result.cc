#include "model/proof_result.h"

#include <algorithm>
#include <array>

namespace advisor {
namespace {

constexpr std::array kVerdictNames{"proven", "not reproduced", "no effect", "does not go back",
                                   "cannot run here"};
static_assert(kVerdictNames.size() == size_t(ProofVerdict::kCannotRun) + 1);

Json json_figure(const std::optional<ProofFigure>& figure) {
  if (!figure) return nullptr;
  return Json::Object{{"count", figure->count}, {"of", figure->of}};
}

std::optional<ProofFigure> figure_at(const Json& json, std::string_view key) {
  const Json* object = json.find(key);
  const Json* count = object ? object->find("count") : nullptr;
  const Json* of = object ? object->find("of") : nullptr;
  if (!count || !count->as<int64_t>() || !of || !of->as<int64_t>()) return std::nullopt;
  return ProofFigure{*count->as<int64_t>(), *of->as<int64_t>()};
}

}  // namespace

const char* name_of(ProofVerdict verdict) {
  return kVerdictNames[size_t(verdict)];
}

Json as_json(const ProofResult& result) {
  return Json::Object{{"id", result.id},
                      {"rule", result.rule},
                      {"claim", result.claim},
                      {"says", result.says},
                      {"effect", result.effect},
                      {"verdict", name_of(result.verdict)},
                      {"why", Json::text_or_null(result.why)},
                      {"counts", result.counts},
                      {"before", json_figure(result.before)},
                      {"applied", json_figure(result.applied)},
                      {"helped", json_figure(result.helped)},
                      {"rolled_back", json_figure(result.rolled_back)},
                      {"changes", Json::array_of(result.changes)},
                      {"repeated", result.repeated},
                      {"seconds", result.seconds}};
}

Result<ProofResult> read_proof_result(const Json& json) {
  const auto verdict = std::ranges::find(kVerdictNames, json.text_at("verdict"),
                                         [](const char* name) { return std::string(name); });
  const Json* changes = json.find("changes");
  const Json* repeated = json.find("repeated");
  const Json* seconds = json.find("seconds");
  if (verdict == kVerdictNames.end() || !changes || !changes->as<Json::Array>() || !repeated ||
      !repeated->as<bool>() || !seconds) {
    return Error{ErrorKind::kCorrupt, "this is no result of a proof", 0};
  }
  ProofResult result;
  result.id = json.text_at("id");
  result.rule = json.text_at("rule");
  result.claim = json.text_at("claim");
  result.says = json.text_at("says");
  result.effect = json.text_at("effect");
  result.counts = json.text_at("counts");
  result.verdict = ProofVerdict(verdict - kVerdictNames.begin());
  result.why = json.text_at("why");
  for (const Json& change : *changes->as<Json::Array>()) {
    if (const auto* text = change.as<std::string>()) result.changes.push_back(*text);
  }
  result.before = figure_at(json, "before");
  result.applied = figure_at(json, "applied");
  result.helped = figure_at(json, "helped");
  result.rolled_back = figure_at(json, "rolled_back");
  result.repeated = *repeated->as<bool>();
  if (const auto* real = seconds->as<double>()) result.seconds = *real;
  return result;
}

}  // namespace advisor
