#include "load/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

/// A day of some month, as 2027-01-31, so that dates compare as texts.
bool is_date(const std::string& text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  const int64_t year = *parse_decimal(text.substr(0, 4));
  const int64_t month = *parse_decimal(text.substr(5, 2));
  const int64_t day = *parse_decimal(text.substr(8, 2));
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 &&
         day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0);
}

bool is_pattern(const std::string& text) {
  return text.find_first_of("*?") != std::string::npos;
}

bool meets_a_parameter(const std::string& pattern, const ParameterKnowledge& known) {
  const auto own = ParameterName::parse(pattern);
  const auto here = own ? known.matching(*own) : std::vector<ParameterName>();
  // What cannot be listed may match.
  return !here || !here->empty() ||
         std::ranges::any_of(known.catalogue.keys(), [&](const std::string& key) {
           return glob_meets_family(pattern, key);
         });
}

/// One [[suppress]]; nothing if it is wrong.
std::optional<Suppression> read_suppression(const TomlNode& node, const ParameterKnowledge& known,
                                            DiagnosticSink& sink) {
  TableReader reader(node, "a suppression", sink);
  Suppression suppression;
  suppression.rule = reader.text("rule");
  suppression.parameter = reader.text("parameter");
  suppression.reason = reader.required_text("reason");
  suppression.until = reader.text("until");
  suppression.where = node.where;
  bool right = !suppression.reason.empty();
  const auto fault = [&](const SourceLocation& where, const std::string& message,
                         const std::string& hint = {}) {
    sink.error(where, message, hint);
    right = false;
  };
  if (reader.node("reason") && suppression.reason.empty()) {
    fault(reader.node("reason")->where, "a suppression needs a reason");
  }
  if (suppression.rule.empty() == suppression.parameter.empty()) {
    // A misspelt entry is reported as that.
    if (reader.has_unasked()) return std::nullopt;
    fault(node.where, "a suppression names either a \"rule\" or a \"parameter\"");
  }
  if (!suppression.parameter.empty() && !is_pattern(suppression.parameter)) {
    const SourceLocation& where = reader.node("parameter")->where;
    const auto name = known_name(suppression.parameter, where, known, sink);
    right = right && name;
    if (name) suppression.parameter = name->dotted();
  }
  if (is_pattern(suppression.parameter) && !meets_a_parameter(suppression.parameter, known)) {
    fault(reader.node("parameter")->where,
          fmt::format("\"{}\" matches no parameter", suppression.parameter),
          "`sysctl-advisor parameters` lists those that are known");
  }
  if (const TomlNode* until = reader.node("until"); until && !is_date(suppression.until)) {
    fault(until->where, fmt::format("\"{}\" is no date", suppression.until),
          "write it as 2027-01-31");
  }
  return right ? std::optional(suppression) : std::nullopt;
}

/// One [[allow]]; nothing if it is wrong.
std::optional<ParameterName> read_allowance(const TomlNode& node, const ParameterKnowledge& known,
                                            DiagnosticSink& sink) {
  TableReader reader(node, "an allowance", sink);
  const std::string parameter = reader.required_text("parameter");
  const std::string reason = reader.required_text("reason");
  if (parameter.empty() || reason.empty()) {
    if (reader.node("reason") && reason.empty()) {
      sink.error(reader.node("reason")->where, "an allowance needs a reason");
    }
    return std::nullopt;
  }
  return known_name(parameter, reader.node("parameter")->where, known, sink);
}

}  // namespace

Config parse_config(const SourceText& source, const ParameterKnowledge& known,
                    const std::string& today, Diagnostics& diagnostics) {
  Config config;
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return config;
  }
  DiagnosticSink sink(source, diagnostics);
  TableReader reader(std::get<TomlNode>(parsed), "the configuration", sink);
  for (const TomlNode* node : reader.tables("suppress")) {
    auto suppression = read_suppression(*node, known, sink);
    if (!suppression) continue;
    if (suppression->until.empty() || suppression->until >= today) {
      config.suppressions.push_back(std::move(*suppression));
      continue;
    }
    diagnostics.push_back({DiagnosticSeverity::kWarning, node->where,
                           fmt::format("this suppression ran out on {}", suppression->until),
                           "its findings are shown again; renew it or take it out",
                           source.line(node->where.line)});
  }
  for (const TomlNode* node : reader.tables("allow")) {
    if (const auto name = read_allowance(*node, known, sink)) config.code_allowed.insert(*name);
  }
  return config;
}

}  // namespace advisor
