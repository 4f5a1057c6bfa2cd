#include "render/text_explain.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "render/json_explain.h"
#include "support/builders.h"
#include "support/text_parts.h"

namespace advisor::text_explain_test {
namespace {

using testing::has;
using testing::name;
using testing::value;

ParameterExplanation known(const std::string& toml, const char* parameter, const char* now) {
  ParameterExplanation explained;
  explained.parameter = name(parameter);
  explained.now = value(now);
  explained.info = *testing::catalogue_from(toml).find(explained.parameter);
  return explained;
}

Explanation about(ParameterExplanation parameter) {
  Explanation explanation;
  explanation.profiles = {"baseline"};
  explanation.host = testing::idle_host().host;
  explanation.parameters.push_back(std::move(parameter));
  return explanation;
}

/// Without the line breaks.
std::string text_about(ParameterExplanation parameter) {
  return join(split_words(text_explanation(about(std::move(parameter)), {})), " ");
}

constexpr const char* kTimeout =
    "[\"net.a\"]\ntype = \"int\"\nunit = \"seconds\"\nmin = 1\nmax = 60\nunlimited = -1\n"
    "default = \"30\"\nsince = \"4.1\"\ninert_since = \"5.10\"\none_way = [1]\n"
    "effect = \"new connections\"\nnamespace = \"net\"\nnew_namespace = \"copied\"\n"
    "meaning = \"How long.\"\nopen = [\"since\", \"default\"]\nmodule = \"mod\"\n"
    "excludes = [\"net.b\"]\nmoves = [\"net.c\"]";

}  // namespace

TEST_CASE("text explanation: what is known of a parameter is said in sentences") {
  ParameterExplanation parameter = known(kTimeout, "net.a", "10");
  parameter.kernel_default = "30";
  parameter.at_default = false;
  parameter.support = KernelSupport::kInert;

  const std::string text = text_about(parameter);

  CHECK(has(text, "Value 10. Linux 6.1 itself sets it to 30."));
  CHECK(has(text, "A whole number (seconds) from 1 to 60; -1 stands for no limit."));
  CHECK(has(text, "One value for each network namespace; a new one starts with what the host is"));
  CHECK(has(text,
            "Takes effect: new connections. Once it is 1, that cannot be taken back before "
            "the next boot. Writing it resets net.b. Along with it changes net.c."));
  CHECK(has(text,
            "Since Linux 4.1. It does nothing since Linux 5.10; this kernel is 6.1. It is "
            "there only while the module mod is loaded."));
  CHECK(has(text, "It is not established which kernel brought it and what its default is."));
  CHECK(has(text, "No rule or target of profile baseline is about it."));
}

TEST_CASE("text explanation: a value that cannot be read says why") {
  ParameterExplanation parameter = known(kTimeout, "net.a", "10");
  parameter.now = Error{ErrorKind::kDenied, "cannot read net.a: permission denied"};

  CHECK(has(text_about(parameter), "Value Unknown: cannot read net.a: permission denied."));
}

TEST_CASE("text explanation: who sets it at boot, and that something else stands now") {
  ParameterExplanation parameter = known(kTimeout, "net.a", "10");
  PersistentSetting line;
  line.parameter = parameter.parameter;
  line.value = "20";
  line.where = {"/etc/sysctl.d/a.conf", 3, 0};
  line.read_by = {true, true};
  parameter.boot.lines = {line};
  parameter.boot.loader = SysctlLoader::kSystemd;
  parameter.boot.loader_because = "systemd runs this host";
  parameter.boot.outcomes = {{{true, false}, line, testing::value("20"), false}};
  parameter.boot.unread = {"/etc/sysctl.d/b.conf: denied"};

  const std::string text = text_about(parameter);

  CHECK(has(text,
            "Boot /etc/sysctl.d/a.conf:3 sets 20. Under systemd-sysctl, "
            "/etc/sysctl.d/a.conf:3 decides: 20. It is 10 now: "));
  CHECK(has(text, "systemd-sysctl runs at boot: systemd runs this host."));
  CHECK(has(text, "What this sets is unknown: /etc/sysctl.d/b.conf: denied."));
}

TEST_CASE("text explanation: a parameter that is not in the catalogue is shown as it is") {
  ParameterExplanation parameter;
  parameter.parameter = name("net.x");
  parameter.now = value("1");

  CHECK(has(text_about(parameter), "Value 1. Meaning It is not in the catalogue"));
}

TEST_CASE("text explanation: it fits 80 columns where a value is long") {
  const std::string ports(300, '8');
  const auto parameter =
      known("[\"net.p\"]\ntype = \"string\"\nmeaning = \"Ports.\"", "net.p", ports.c_str());

  const std::string text = text_explanation(about(parameter), {});

  for (const std::string_view line : split_lines(text)) CHECK(line.size() <= 80);
}

TEST_CASE("text explanation: a rule shows its parts, and those that join others when verbose") {
  RuleExplanation rule;
  rule.finding.rule = "rule-id";
  rule.finding.title = "A title";
  rule.finding.verdict = Verdict::kSatisfied;
  rule.finding.severity = Severity::kWarning;
  rule.finding.where = {"rules/a.toml", 8, 1};
  rule.finding.observed = {{"a > 1", "false"}, {"a > 1 && b", "false"}};
  rule.in_profile = false;
  rule.condition = "a > 1 && b";
  Explanation explanation;
  explanation.profiles = {"baseline"};
  explanation.rules = {rule};

  const std::string brief = text_explanation(explanation, {});
  const std::string verbose = text_explanation(explanation, {.verbose = true});

  CHECK(has(brief, "OK  rule-id\n  A title\n"));
  CHECK(has(brief, "rules/a.toml:8:1. It is not used by profile baseline"));
  CHECK(has(brief, "Severity  warning"));
  CHECK(has(brief, "a > 1 = false"));
  CHECK_FALSE(has(brief, "a > 1 && b = false"));
  CHECK(has(verbose, "a > 1 && b = false"));
}

TEST_CASE("json explanation: what is unknown is null") {
  ParameterExplanation parameter = known(kTimeout, "net.a", "10");
  parameter.now = Error{ErrorKind::kDenied, "denied"};

  const Json json = json_explanation(about(parameter));
  const Json& first = json.find("parameters")->as<Json::Array>()->front();

  CHECK(json.text_at("schema") == "sysctl-advisor/explain/3");
  CHECK(*first.find("value") == Json(nullptr));
  CHECK(first.text_at("error") == "denied");
  CHECK(*first.find("at_default") == Json(nullptr));
  CHECK(first.find("catalogue")->text_at("type") == "int");
}

TEST_CASE("text explanation: other programs that set the parameter are named") {
  ParameterExplanation parameter = known(kTimeout, "net.a", "10");
  parameter.boot.others = {
      {"ufw", "net.a", "5", {"/etc/ufw/sysctl.conf", 7, 0}, true, "when it starts"},
      {"Docker", "net.a", std::nullopt, {"/x/docker.service", 0, 0}, false, "when it runs"}};

  const std::string text = text_about(parameter);
  const std::string json = json_explanation(about(parameter)).dump();

  CHECK(has(text, "ufw sets net.a = 5 (/etc/ufw/sysctl.conf:7) when it starts."));
  CHECK(has(text, "Docker probably sets net.a (/x/docker.service is there) when it runs."));
  CHECK(has(json, "\"where\": \"/etc/ufw/sysctl.conf:7\""));
}

}  // namespace advisor::text_explain_test
