#include "render/json_lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace advisor {
namespace {

Json remark_json(const LintRemark& remark) {
  return Json::Object{
      {"file", remark.where.file},
      {"line", remark.where.line},
      {"key", Json::text_or_null(remark.key)},
      {"written", remark.written},
      {"rule", remark.rule},
      {"verdict", name_of(remark.verdict)},
      {"severity", name_of(remark.severity)},
      {"message", remark.message},
      {"action", Json::text_or_null(remark.action)},
      {"kernels", Json::array_of(remark.kernels)},
      {"ignored_because", remark.ignored_because ? Json(*remark.ignored_because) : Json(nullptr)}};
}

/// As a URI reference: what is no path separator or unreserved is escaped (RFC 3986).
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Json result_json(const LintRemark& remark, size_t kernels) {
  const std::string only = remark.kernels.size() == kernels
                               ? ""
                               : fmt::format("(Linux {}) ", join(remark.kernels, ", "));
  const std::string action = remark.action.empty() ? "" : " Instead: " + remark.action;
  Json::Object result{
      {"ruleId", remark.rule},
      {"level", name_of(remark.severity)},
      {"message", Json::Object{{"text", only + remark.message + action}}},
      {"locations",
       Json::Array{Json::Object{
           {"physicalLocation",
            Json::Object{
                {"artifactLocation", Json::Object{{"uri", uri_of(remark.where.file)}}},
                {"region", Json::Object{{"startLine", std::max(1, remark.where.line)}}}}}}}}};
  if (!remark.ignored_because) return result;
  return Json(std::move(result))
      .with("suppressions", Json::Array{Json::Object{{"kind", "inSource"},
                                                     {"justification", *remark.ignored_because}}});
}

}  // namespace

Json json_lint(const LintReport& report) {
  Json::Array files, remarks;
  for (const LintedFile& file : report.files) {
    files.push_back(Json::Object{{"file", file.name}, {"lines", int64_t(file.assignments.size())}});
  }
  for (const LintRemark& remark : report.remarks) remarks.push_back(remark_json(remark));
  return Json::Object{
      {"schema", "sysctl-advisor/lint/1"}, {"kernels", Json::array_of(report.kernels)},
      {"loader", report.loader},           {"profiles", Json::array_of(report.profiles)},
      {"container", report.container},     {"files", std::move(files)},
      {"remarks", std::move(remarks)}};
}

Json sarif_lint(const LintReport& report, const std::string& version) {
  std::set<std::string> ids;
  Json::Array rules, results;
  for (const LintRemark& remark : report.remarks) {
    if (ids.insert(remark.rule).second) rules.push_back(Json::Object{{"id", remark.rule}});
    results.push_back(result_json(remark, report.kernels.size()));
  }
  const Json::Object driver{
      {"name", "sysctl-advisor"}, {"version", version}, {"rules", std::move(rules)}};
  const Json::Object run{{"tool", Json::Object{{"driver", driver}}},
                         {"results", std::move(results)}};
  return Json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::Array{run}}};
}

}  // namespace advisor
