#include "cli/all_namespaces.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cli/advice.h"
#include "cli/version.h"
#include "os/child.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/network_namespaces.h"
#include "render/json_report.h"
#include "render/text_brief.h"
#include "render/text_report.h"

namespace advisor {
namespace {

/// What one namespace has to say.
struct Told {
  ExitStatus status = ExitStatus::kTrouble;
  std::string report;  ///< in the format that was asked for
  std::string error;   ///< why there is none
};

/// The exit status as a digit, and behind it the report.
Result<std::string> audit_one(const Request& request, const NetworkNamespace& one, bool own) {
  Request inside = request;
  inside.netns = own ? "" : one.entry();
  inside.quiet = true;  // many waits side by side are no progress that one line could show
  if (!own) {
    if (const Status entered = enter_network_namespace(inside.netns); !entered) {
      return entered.error();
    }
  }
  Context context(inside);
  const Error untold{ErrorKind::kRejected, "the audit there came to nothing", 0};
  if (!context.load()) return untold;
  const auto advice = advise(context);
  if (!advice) return untold;
  const char status = char('0' + int(status_of(advice->report, inside)));
  const std::string text = inside.format == Format::kJson
                               ? json_report(advice->report, context.catalogue(), kVersion).dump()
                           : inside.brief ? text_brief(advice->report, context.style())
                                          : text_report(advice->report, context.style());
  return status + text;
}

Told told_by(const Result<std::string>& answer) {
  if (!answer) return {ExitStatus::kTrouble, "", answer.error().message};
  return {ExitStatus(answer->front() - '0'), answer->substr(1), ""};
}

std::string heading(const NetworkNamespace& one, bool own) {
  std::vector<std::string> known;
  if (own) known.emplace_back("that of this command");
  if (!one.container.empty()) known.push_back("container " + one.container);
  if (one.pid != 0) known.push_back(one.command + ", pid " + std::to_string(one.pid));
  const std::string name = one.name.empty() ? "without a name" : one.name;
  return "Network namespace " + name + (known.empty() ? "" : " (" + join(known, "; ") + ")") + "\n";
}

Json namespace_json(const NetworkNamespace& one, const Told& told) {
  auto report = told.error.empty() ? parse_json(told.report) : Result<Json>(Json(nullptr));
  return Json::Object{{"name", Json::text_or_null(one.name)},
                      {"pid", one.pid != 0 ? Json(one.pid) : Json(nullptr)},
                      {"command", Json::text_or_null(one.command)},
                      {"container", Json::text_or_null(one.container)},
                      {"report", report ? *std::move(report) : Json(nullptr)},
                      {"error", Json::text_or_null(told.error)}};
}

}  // namespace

ExitStatus audit_all_namespaces(Context& context) {
  const Request& request = context.request();
  const auto listed = list_network_namespaces();
  if (!listed) return fail(listed.error());
  const std::vector<NetworkNamespace>& namespaces = *listed;
  log_step("reading " + counted(int64_t(namespaces.size()), "network namespace"));
  std::vector<ChildWork> works;
  for (const NetworkNamespace& one : namespaces) {
    const bool own = &one == &namespaces.front();
    works.push_back([&request, &one, own] { return audit_one(request, one, own); });
  }
  const auto answers = run_in_children(works);
  ExitStatus worst = ExitStatus::kNothing;
  std::string text;
  Json::Array items;
  for (size_t i = 0; i < namespaces.size(); ++i) {
    const Told told = told_by(answers[i]);
    worst = std::max(worst, told.status);
    if (request.format == Format::kJson) items.push_back(namespace_json(namespaces[i], told));
    text += (i == 0 ? "" : "\n") + heading(namespaces[i], i == 0) +
            (told.error.empty() ? told.report : told.error + "\n");
  }
  if (request.format != Format::kJson) return print(text, worst);
  const Json answer = Json::Object{{"schema", "sysctl-advisor/audit-namespaces/2"},
                                   {"namespaces", std::move(items)}};
  return print_json(answer, worst);
}

}  // namespace advisor
