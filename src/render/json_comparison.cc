#include "render/json_comparison.h"

#include <cmath>

namespace advisor {
namespace {

Json value_or_null(const std::optional<ParameterValue>& value) {
  return value ? Json(value->text()) : Json(nullptr);
}

Json side_json(const Comparison::Side& side) {
  return Json::Object{{"file", side.file},
                      {"host", side.host},
                      {"kernel", side.kernel},
                      {"taken", side.taken},
                      {"profiles", Json::array_of(side.profiles)}};
}

Json compared_parameter_json(const ComparedParameter& one) {
  return Json::Object{{"parameter", one.name.dotted()},
                      {"change", name_of(one.change)},
                      {"before", value_or_null(one.before)},
                      {"after", value_or_null(one.after)},
                      {"unread", Json::text_or_null(one.unread)},
                      {"along_with", Json::text_or_null(one.along_with)},
                      {"counts", one.counts()}};
}

/// Counts as whole numbers.
Json number_or_null(const std::optional<double>& number) {
  constexpr double kWholeBelow = 1e15;
  const bool is_whole = number && std::trunc(*number) == *number && *number < kWholeBelow;
  return is_whole ? Json(int64_t(*number)) : Json::or_null(number);
}

Json compared_number_json(const ComparedNumber& one) {
  return Json::Object{{"kind", name_of(one.kind)},
                      {"subject", one.subject},
                      {"unit", one.unit},
                      {"before", number_or_null(one.before)},
                      {"after", number_or_null(one.after)}};
}

Json compared_side_json(const std::optional<Finding>& finding) {
  if (!finding) return nullptr;
  Json::Array advice;
  for (const Recommendation& wanted : finding->recommendations) {
    advice.push_back(
        Json::Object{{"parameter", wanted.parameter.dotted()}, {"advised", wanted.advised.text()}});
  }
  return Json::Object{{"verdict", name_of(finding->verdict)},
                      {"severity", name_of(finding->severity)},
                      {"suppressed", bool(finding->suppressed)},
                      {"evidence", finding->evidence},
                      {"advice", std::move(advice)},
                      {"missing", Json::array_of(finding->missing)}};
}

Json compared_finding_json(const ComparedFinding& one) {
  return Json::Object{{"rule", one.rule},
                      {"title", one.shown().title},
                      {"change", name_of(one.change)},
                      {"before", compared_side_json(one.before)},
                      {"after", compared_side_json(one.after)},
                      {"counts", one.counts()}};
}

}  // namespace

Json json_comparison(const Comparison& comparison) {
  return Json::Object{
      {"schema", "sysctl-advisor/compare/1"},
      {"before", side_json(comparison.before)},
      {"after", side_json(comparison.after)},
      {"seconds_between", Json::or_null(comparison.seconds_between)},
      {"same_host", Json::or_null(comparison.same_host)},
      {"restarted", Json::or_null(comparison.restarted)},
      {"notes", Json::array_of(comparison.notes)},
      {"differs", comparison.differs()},
      {"parameters",
       Json::Object{{"differing", Json::each(comparison.parameters, compared_parameter_json)},
                    {"same", comparison.same_parameters},
                    {"unread", comparison.unread_parameters},
                    {"unasked", comparison.unasked_parameters}}},
      {"load", Json::Object{{"differing", Json::each(comparison.load, compared_number_json)},
                            {"unknown", Json::array_of(comparison.load_unknown)}}},
      {"findings",
       Json::Object{{"differing", Json::each(comparison.findings, compared_finding_json)},
                    {"unknown_before", comparison.unknown_before},
                    {"unknown_after", comparison.unknown_after}}}};
}

}  // namespace advisor
