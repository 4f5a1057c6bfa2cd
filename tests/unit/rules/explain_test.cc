#include "rules/explain.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::explain_test {
namespace {

using testing::catalogue_from;
using testing::idle_host;
using testing::knowledge;
using testing::name;
using testing::TextProfiles;

constexpr const char* kCatalogue = R"(
["net.ipv4.tcp_tw_reuse"]
type = "int"
default = "2"
default_before = { "4.19" = "0" }
meaning = "Ports in TIME_WAIT."
["net.ipv4.tcp_rmem"]
type = "vector"
fields = ["min", "default", "max"]
meaning = "Receive buffer."
["net.ipv4.tcp_fastopen"]
type = "bitmask"
meaning = "Data in the SYN."
["net.ipv4.tcp_timestamps"]
type = "int"
meaning = "Timestamps."
["net.ipv4.tcp_low_latency"]
type = "bool"
default = "0"
inert_since = "4.14"
meaning = "Nothing any more."
["net.ipv4.tcp_tw_recycle"]
type = "bool"
default = "0"
removed = "4.12"
meaning = "Gone."
["net.ipv4.tcp_tw_reuse_delay"]
type = "int"
default = "1000"
since = "6.14"
meaning = "Delay."
)";

constexpr const char* kRules = R"(
[options]
wanted = { default = 1, meaning = "the value that is wanted" }
unread = { default = 5, meaning = "no rule reads it" }

[[rule]]
id = "reuse"
title = "Ports are not reused"
when = 'sysctl.net.ipv4.tcp_tw_reuse != option.wanted'
severity = "warning"
target = { parameter = "net.ipv4.tcp_tw_reuse", exactly = 1 }
requires = { "net.ipv4.tcp_timestamps" = { at_least = 1 } }
evidence = "It is {sysctl.net.ipv4.tcp_tw_reuse}."
because = "The reason."

[[rule]]
id = "overflow"
title = "Connections are destroyed"
when = 'tcp.time_wait_overflows_per_second > 0.0'
severity = "info"
evidence = "Seen."
because = "The other reason."
)";

/// A profile with rules, one with a target, and a host with kernel 6.1.
struct Question {
  Catalogue catalogue = catalogue_from(kCatalogue);
  TextProfiles profiles{{{"with-rules", "name = \"with-rules\"\nsummary = \"s\"\nrules = [\"r\"]"},
                         {"with-target",
                          "name = \"with-target\"\nsummary = \"s\"\n"
                          "[targets]\n\"net.ipv4.tcp_tw_reuse\" = 0"},
                         {"rules/r", kRules}}};
  Snapshot snapshot = idle_host();
  PersistentSettings persistent;
  Diagnostics diagnostics;

  EffectiveProfile resolved(const std::string& profile) {
    return resolve_profiles({profile}, profiles, knowledge(catalogue), diagnostics);
  }
  Topics topics(const std::vector<std::string>& words, const std::string& profile = "with-rules") {
    return find_topics(words, resolved(profile), profiles, knowledge(catalogue), diagnostics);
  }
  Explanation answer(const std::vector<std::string>& words,
                     const std::string& profile = "with-rules") {
    return explain(topics(words, profile), resolved(profile), catalogue, snapshot, persistent, {},
                   diagnostics);
  }
  /// As if file:line set the parameter, and won under the loaders.
  void set_at_boot(const std::string& parameter, const std::string& value, SysctlLoaders winner,
                   int line) {
    persistent.settings[name(parameter)].push_back({.parameter = name(parameter),
                                                    .value = value,
                                                    .where = {"/etc/sysctl.d/a.conf", line, 0},
                                                    .read_by = {true, true},
                                                    .wins = winner});
  }
};

std::vector<RuleId> ids_of(const std::vector<RuleExplanation>& rules) {
  std::vector<RuleId> ids;
  for (const RuleExplanation& rule : rules) ids.push_back(rule.finding.rule);
  return ids;
}

using Ids = std::vector<RuleId>;

}  // namespace

TEST_CASE("explain: both spellings of a parameter are the same topic") {
  Question question;

  const Topics topics = question.topics({"net.ipv4.tcp_tw_reuse", "net/ipv4/tcp_tw_reuse"});

  CHECK(topics.parameters == std::vector{name("net.ipv4.tcp_tw_reuse")});
}

TEST_CASE("explain: a pattern stands for the known parameters where the host has none") {
  Question question;

  const Topics topics = question.topics({"net.ipv4.tcp_tw_*"});

  CHECK(topics.parameters.size() == 3);
}

TEST_CASE("explain: what is not known is an error with the nearest name") {
  Question question;

  question.topics({"net.ipv4.tcp_tw_reus", "tcp_tw_reuse", "ovreflow", "target:net.ipv4.tcp_rmem"});

  CHECK(testing::lines_of(question.diagnostics) ==
        testing::Lines{
            ": unknown parameter, rule or message \"net.ipv4.tcp_tw_reus\" (did you mean "
            "\"net.ipv4.tcp_tw_reuse\"?)",
            ": unknown parameter, rule or message \"tcp_tw_reuse\" (did you mean "
            "\"net.ipv4.tcp_tw_reuse\"?)",
            ": unknown parameter, rule or message \"ovreflow\" (did you mean \"overflow\"?)",
            ": unknown parameter, rule or message \"target:net.ipv4.tcp_rmem\""});
}

TEST_CASE(
    "explain: what an audit says of the next boot leads to the parameter, or to audit --boot") {
  Question parameter;
  const Topics topics = parameter.topics({"boot:net.ipv4.tcp_timestamps"});
  CHECK(topics.parameters == std::vector{testing::name("net.ipv4.tcp_timestamps")});
  CHECK(testing::lines_of(parameter.diagnostics) == testing::Lines{});

  Question lines;
  lines.topics({kLinesNotInEffect});
  CHECK(testing::lines_of(lines.diagnostics) ==
        testing::Lines{": \"boot-lines-not-in-effect\" is no rule: it gathers lines of files "
                       "(`sysctl-advisor audit --boot` tells each of them, and why; explain takes "
                       "the parameters that they set)"});
}

TEST_CASE("explain: a value is held against the default of this very kernel") {
  Question question;
  question.snapshot.host.kernel = "4.18.0";

  const auto old = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0];
  question.snapshot.host.kernel = "6.1.0";
  const auto recent = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0];

  CHECK(old.kernel_default == "0");
  CHECK(old.at_default == false);
  CHECK(recent.kernel_default == "2");
  CHECK(recent.at_default == true);
}

TEST_CASE("explain: the version of the kernel tells what a parameter is good for") {
  Question question;

  const Explanation answer =
      question.answer({"net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_low_latency",
                       "net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_tw_reuse_delay"});

  CHECK(answer.parameters[0].support == KernelSupport::kPresent);
  CHECK(answer.parameters[1].support == KernelSupport::kInert);
  CHECK(answer.parameters[2].support == KernelSupport::kDropped);
  CHECK(answer.parameters[2].kernel_default == std::nullopt);
  CHECK(answer.parameters[3].support == KernelSupport::kNotYet);
}

TEST_CASE("explain: the numbers of a vector have their names, a bitmask its bits") {
  Question question;
  testing::set(question.snapshot, "net.ipv4.tcp_rmem", "4096\t131072\t6291456");
  testing::set(question.snapshot, "net.ipv4.tcp_fastopen", "1027");

  const Explanation answer = question.answer({"net.ipv4.tcp_rmem", "net.ipv4.tcp_fastopen"});

  REQUIRE(answer.parameters[0].fields.size() == 3);
  CHECK(answer.parameters[0].fields[2].name == "max");
  CHECK(answer.parameters[0].fields[2].value == "6291456");
  CHECK(answer.parameters[1].bits == std::vector<int64_t>{1, 2, 1024});
}

TEST_CASE("explain: the line that decides at boot is held against the value now") {
  Question question;
  question.set_at_boot("net.ipv4.tcp_tw_reuse", "2", {}, 1);
  question.set_at_boot("net.ipv4.tcp_tw_reuse", "0x01", {true, true}, 2);
  question.persistent.at_boot = SysctlLoader::kSystemd;

  const auto differs = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0].boot;
  testing::set(question.snapshot, "net.ipv4.tcp_tw_reuse", "1");
  const auto stands = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0].boot;

  CHECK(differs.lines.size() == 2);
  REQUIRE(differs.outcomes.size() == 1);
  CHECK(differs.outcomes[0].line->where.line == 2);
  CHECK(differs.outcomes[0].stands == false);
  CHECK(stands.outcomes[0].stands == true);
}

TEST_CASE("explain: loaders that disagree are told apart where nobody knows which one runs") {
  Question question;
  question.set_at_boot("net.ipv4.tcp_tw_reuse", "1", {.systemd = true}, 1);
  question.set_at_boot("net.ipv4.tcp_tw_reuse", "2", {.procps = true}, 2);

  const auto unknown = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0].boot;
  question.persistent.at_boot = SysctlLoader::kProcps;
  const auto procps = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0].boot;

  REQUIRE(unknown.outcomes.size() == 2);
  CHECK(unknown.outcomes[0].stands == false);
  CHECK(unknown.outcomes[1].stands == true);
  REQUIRE(procps.outcomes.size() == 1);
  CHECK(procps.outcomes[0].line->where.line == 2);
}

TEST_CASE("explain: a file that cannot be read may set any parameter") {
  Question question;
  question.persistent.remarks = {
      {DiagnosticSeverity::kWarning, {"/etc/sysctl.d/a.conf", 0, 0}, "denied", "", ""},
      {DiagnosticSeverity::kWarning, {"/etc/b.conf", 3, 0}, "malformed", "", ""}};

  const auto boot = question.answer({"net.ipv4.tcp_tw_reuse"}).parameters[0].boot;

  CHECK(boot.unread == std::vector<std::string>{"/etc/sysctl.d/a.conf: denied"});
}

TEST_CASE("explain: a parameter has the rules that name, set or require it") {
  Question question;

  const Explanation rules =
      question.answer({"net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps", "net.ipv4.tcp_rmem"});
  const Explanation target = question.answer({"net.ipv4.tcp_tw_reuse"}, "with-target");

  CHECK(ids_of(rules.parameters[0].rules) == Ids{"reuse"});
  CHECK(ids_of(rules.parameters[1].rules) == Ids{"reuse"});
  CHECK(ids_of(rules.parameters[2].rules).empty());
  CHECK(ids_of(target.parameters[0].rules) == Ids{"target:net.ipv4.tcp_tw_reuse"});
}

TEST_CASE("explain: a rule comes with its condition, its options, targets and parameters now") {
  Question question;

  const Explanation answer = question.answer({"reuse"});

  REQUIRE(answer.rules.size() == 1);
  const RuleExplanation& rule = answer.rules[0];
  CHECK(rule.in_profile);
  CHECK(rule.finding.verdict == Verdict::kViolated);
  CHECK(rule.finding.evidence == "It is 2.");
  CHECK(rule.condition == "sysctl.net.ipv4.tcp_tw_reuse != option.wanted");
  REQUIRE(rule.options.size() == 1);
  CHECK(rule.options[0].name == "wanted");
  CHECK(rule.options[0].meaning == "the value that is wanted");
  CHECK(rule.targets == std::vector<std::string>{"net.ipv4.tcp_tw_reuse exactly 1"});
  CHECK(rule.requirements == std::vector<std::string>{"net.ipv4.tcp_timestamps at least 1"});
  REQUIRE(rule.parameters.size() == 2);
  CHECK(rule.parameters[1].now->text() == "2");
}

TEST_CASE("explain: a rule that asks for nothing says all the same why it is there") {
  Question question;
  testing::set(question.snapshot, "net.ipv4.tcp_tw_reuse", "1");

  const Explanation answer = question.answer({"reuse"});

  CHECK(answer.rules[0].finding.verdict == Verdict::kSatisfied);
  CHECK(answer.rules[0].finding.because == "The reason.");
}

TEST_CASE("explain: a rule that the profile does not use is judged with its own options") {
  Question question;

  const Explanation answer = question.answer({"reuse"}, "with-target");

  CHECK(question.diagnostics.empty());
  REQUIRE(answer.rules.size() == 1);
  CHECK_FALSE(answer.rules[0].in_profile);
  CHECK(answer.rules[0].options[0].value == "1");
  CHECK(answer.rules[0].finding.recommendations[0].advised.text() == "1");
}

TEST_CASE("explain: two samples are needed only where a rule concerned asks for a rate") {
  Question question;
  question.snapshot.counters.first.clear();
  question.snapshot.counters.interval_seconds = 0;
  const EffectiveProfile profile = question.resolved("with-rules");

  CHECK(need_two_samples(question.topics({"overflow"}), profile, question.snapshot));
  CHECK_FALSE(need_two_samples(question.topics({"reuse"}), profile, question.snapshot));
  CHECK_FALSE(
      need_two_samples(question.topics({"net.ipv4.tcp_tw_reuse"}), profile, question.snapshot));
}

}  // namespace advisor::explain_test
