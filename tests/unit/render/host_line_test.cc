#include "render/host_line.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::host_line_test {
namespace {

using testing::name;
using testing::value;

HostSummary example() {
  HostSummary summary;
  summary.version = "1.0";
  summary.host.id = std::string(32, 'a');
  summary.host.kernel = "6.1";
  summary.taken = "2026-11-22T22:01:56Z";
  summary.profiles = {"baseline"};
  summary.counts.emplace().violated[size_t(Severity::kWarning)] = 1;
  HostSummary::Asking& asking = summary.findings.emplace_back();
  asking.rule = "r";
  asking.severity = Severity::kWarning;
  asking.figures = {{"a.whole", int64_t{7}, "ports"},
                    {"a.share", 0.5, ""},
                    {"a.flag", true, ""},
                    {"a.name", std::string("x"), ""},
                    {"a.unread", {}, ""}};
  return summary;
}

std::string line(const HostSummary& summary) {
  return host_line(summary).line();
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("host line: it is one line, and values keep their types") {
  const std::string text = line(example());

  CHECK(text.find('\n') == text.size() - 1);
  CHECK(holds(text, R"({"expression":"a.whole","value":7,"unit":"ports"})"));
  CHECK(holds(text, R"("value":0.5,)"));
  CHECK(holds(text, R"("value":true,)"));
  CHECK(holds(text, R"("value":"x",)"));
  CHECK(holds(text, R"("value":null,)"));
  CHECK(holds(text, R"("asks":1,"worst":"warning","counts":{"critical":0,"warning":1,)"));
  CHECK(holds(text, R"("remedy":null)"));
  CHECK(holds(text, R"("transaction":null,"boot":null})"));
}

TEST_CASE("host line: a failure has all members, and counts nothing") {
  HostSummary failed;
  failed.state = AuditState::kFailed;
  failed.error = "there is no profile \"x\"";

  const Json json = host_line(failed);

  CHECK(json.text_at("status") == "failed");
  CHECK(json.text_at("error") == failed.error);
  CHECK(*json.find("asks") == Json(nullptr));
  CHECK(*json.find("worst") == Json(nullptr));
  CHECK(*json.find("counts") == Json(nullptr));
  CHECK(*json.find("findings") == Json(Json::Array{}));
  CHECK(json.as<Json::Object>()->size() == host_line(example()).as<Json::Object>()->size());
}

TEST_CASE("host line: a pending change is told with its deadline and what has drifted") {
  HostSummary summary = example();
  summary.transaction =
      HostSummary::Applied{"7",
                           TransactionState::kProvisional,
                           "2026-11-22T22:06:56Z",
                           {{name("net.core.somaxconn"), value("4096"), value("128")},
                            {name("net.ipv4.tcp_rmem"), value("1 2 3"), std::nullopt}}};
  summary.boot = BootOutlook{{name("vm.swappiness")}, {{"/etc/sysctl.d/a.conf", 3, 0}}};

  const std::string text = line(summary);

  CHECK(holds(text, R"("transaction":{"id":"7","state":"provisional",)"
                    R"("deadline":"2026-11-22T22:06:56Z","drift":[{"parameter":)"
                    R"("net.core.somaxconn","applied":"4096","now":"128"},)"));
  CHECK(holds(text, R"("applied":"1 2 3","now":null}]})"));
  CHECK(holds(text, R"("boot":{"lost":["vm.swappiness"],"not_in_effect":)"
                    R"(["/etc/sysctl.d/a.conf:3"]}})"));
}

}  // namespace advisor::host_line_test
