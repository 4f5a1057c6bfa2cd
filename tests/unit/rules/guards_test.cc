#include <doctest/doctest.h>

#include "plan/planner.h"
#include "rules/audit.h"
#include "rules/recommend.h"
#include "support/builders.h"

namespace advisor::guards_test {
namespace {

using testing::find_finding;
using testing::idle_host;
using testing::lines_of;
using testing::set;
using Texts = testing::Lines;

constexpr const char* kHead = "name = 'p'\nsummary = 's'\n";

Report audited(const std::map<std::string, std::string>& texts, const Snapshot& snapshot,
               const ValuesAtBoot& at_boot = {}) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const testing::TextProfiles source(texts);
  Diagnostics diagnostics;
  const EffectiveProfile profile =
      resolve_profiles({"p"}, source, testing::knowledge(catalogue), diagnostics);
  const Report report = audit(profile, catalogue, snapshot, {}, diagnostics,
                              {.not_settable = {}, .at_boot = at_boot});
  REQUIRE(lines_of(diagnostics).empty());
  return report;
}

Report audited_targets(const std::string& targets, const Snapshot& snapshot) {
  return audited({{"p", kHead + ("[targets]\n" + targets)}}, snapshot);
}

std::string rule(const std::string& id, const std::string& when, const std::string& rest) {
  return "[[rule]]\nid = '" + id + "'\ntitle = 't'\nseverity = 'warning'\nevidence = 'e'\n" +
         "because = 'b'\nwhen = '" + when + "'\n" + rest + "\n";
}

const std::string kGuard =
    rule("backlog-fits", "sysctl.net.core.somaxconn > 10 * sysctl.net.ipv4.tcp_max_syn_backlog",
         "remedy = 'r'\nguard = true");

}  // namespace

TEST_CASE("guard: a plan that would break it is refused, whoever asks for it") {
  const std::map<std::string, std::string> texts{
      {"p", kHead + std::string("[targets]\n\"net.core.somaxconn\" = { at_least = 20000 }\n")},
      {"rules/consistency", kGuard}};

  const Report report = audited(texts, idle_host());

  REQUIRE(report.objections.size() == 1);
  CHECK(report.objections[0] == "the advice as a whole would break backlog-fits: e b");
  CHECK(plan_changes(report, testing::shipped_catalogue(), {}).refusals == report.objections);
}

TEST_CASE("guard: what is broken already is no objection to a plan that leaves it as it is") {
  const std::map<std::string, std::string> texts{
      {"p", kHead + std::string("[targets]\n\"net.core.somaxconn\" = { at_least = 20000 }\n")},
      {"rules/consistency", kGuard}};
  Snapshot broken = idle_host();
  set(broken, "net.core.somaxconn", "15000");

  CHECK(audited(texts, broken).objections.empty());
}

namespace {

/// A file gives net.core.somaxconn 50000; what is then advised of two parameters, and what is
/// objected to.
struct WithFile {
  explicit WithFile(const std::string& guard) {
    const std::string targets =
        "[targets]\n\"net.core.somaxconn\" = { at_least = 8192 }\n"
        "\"net.ipv4.tcp_max_syn_backlog\" = { at_least = 2048 }\n";
    PersistentSetting line;
    line.parameter = testing::name("net.core.somaxconn");
    line.value = "50000";
    const Report report =
        audited({{"p", kHead + targets}, {"rules/consistency", guard}}, idle_host(),
                {{line.parameter, {{testing::value("50000"), line}}}});
    objections = report.objections;
    for (const Finding& finding : report.findings) {
      for (const Recommendation& wanted : finding.recommendations) {
        advised[std::string(wanted.parameter.dotted())] = wanted.advised.text();
        if (wanted.at_boot) meets = wanted.at_boot->meets;
      }
    }
  }

  std::vector<std::string> objections;
  std::map<std::string, std::string> advised;
  bool meets = false;
};

}  // namespace

TEST_CASE("guard: what goes with the value of a file is raised along as the guard asks") {
  const WithFile host(rule("backlog-fits",
                           "sysctl.net.core.somaxconn > 10 * sysctl.net.ipv4.tcp_max_syn_backlog",
                           "target = { parameter = \"net.ipv4.tcp_max_syn_backlog\", at_least = "
                           "\"sysctl.net.core.somaxconn / 10\" }\nguard = true"));

  CHECK(host.objections.empty());
  CHECK(host.advised.at("net.core.somaxconn") == "50000");
  CHECK(host.advised.at("net.ipv4.tcp_max_syn_backlog") == "5000");
}

TEST_CASE("guard: the value of a file that would break it is not set, and not undercut either") {
  const WithFile host(kGuard);

  CHECK(host.objections.empty());
  CHECK(host.advised.at("net.core.somaxconn") == "8192");
  CHECK(host.advised.at("net.ipv4.tcp_max_syn_backlog") == "2048");
  CHECK(host.meets);
}

TEST_CASE("target: it speaks of the hosts that its condition names, and of no other") {
  const std::string target =
      "\"net.core.somaxconn\" = { at_least = 8192, when = 'sysctl.net.ipv4.tcp_timestamps == 1' }";
  Snapshot other = idle_host();
  set(other, "net.ipv4.tcp_timestamps", "0");
  Snapshot unread = idle_host();
  testing::set_unreadable(unread, "net.ipv4.tcp_timestamps");
  const auto verdict = [&](const Snapshot& snapshot) {
    return find_finding(audited_targets(target, snapshot), "target:net.core.somaxconn")->verdict;
  };

  CHECK(verdict(idle_host()) == Verdict::kViolated);
  CHECK(verdict(other) == Verdict::kNotApplicable);
  CHECK(verdict(unread) == Verdict::kUnknown);
}

TEST_CASE("target: a parameter that this kernel lacks is left out, unless it may be missing") {
  Snapshot without = idle_host();
  testing::set_absent(without, "net.core.somaxconn");

  const Report demanded = audited_targets("\"net.core.somaxconn\" = { at_least = 8192 }", without);
  const Report optional =
      audited_targets("\"net.core.somaxconn\" = { at_least = 8192, if_present = true }", without);

  CHECK(demanded.findings.at(0).verdict == Verdict::kNotApplicable);
  REQUIRE(demanded.findings.at(0).left_out.size() == 1);
  CHECK(demanded.findings.at(0).left_out[0].reason == "there is no net.core.somaxconn");
  CHECK(optional.findings.at(0).verdict == Verdict::kNotApplicable);
  CHECK(optional.findings.at(0).left_out.empty());
  CHECK_FALSE(optional.findings.at(0).not_applicable.empty());
}

TEST_CASE("target: what was not looked for, or not found since there is nothing, is unknown") {
  Snapshot unasked = idle_host();
  unasked.parameters.erase(testing::name("net.core.somaxconn"));
  Snapshot empty = idle_host();
  for (auto& [parameter, reading] : empty.parameters) {
    reading = Error{ErrorKind::kNotFound, "no such file", 2};
  }

  for (const Snapshot& snapshot : {unasked, empty}) {
    for (const char* more : {"", ", if_present = true"}) {
      const Report report = audited_targets(
          std::string("\"net.core.somaxconn\" = { at_least = 8192") + more + " }", snapshot);
      CHECK(report.findings.at(0).verdict == Verdict::kUnknown);
    }
  }
}

TEST_CASE("target: one field of a vector is asked for, and the others stay") {
  Snapshot snapshot = idle_host();
  set(snapshot, "net.ipv4.tcp_rmem", "4096 131072 6291456");

  const Report report = audited_targets(
      "\"net.ipv4.tcp_rmem\" = { at_least = { max = 'host.memory_bytes / 256' } }", snapshot);

  const Finding& finding = report.findings.at(0);
  CHECK(finding.recommendations.at(0).advised.text() == "4096 131072 16777216");
  CHECK(finding.evidence ==
        "net.ipv4.tcp_rmem is 4096 131072 6291456, wanted is at least 16777216 for max");
}

TEST_CASE("target: a name with a star speaks of every parameter of that form on the host") {
  const Catalogue catalogue = testing::shipped_catalogue();
  ParameterKnowledge known = testing::knowledge(catalogue);
  known.matching = [](const ParameterName&) {
    return std::vector{testing::name("net.ipv4.conf.all.rp_filter"),
                       testing::name("net.ipv4.conf.eth0.rp_filter")};
  };
  Diagnostics diagnostics;

  const Profile profile = parse_profile(
      {"p.toml",
       kHead + std::string("[targets]\n\"net.ipv4.conf.*.rp_filter\" = { at_least = 1 }")},
      known, diagnostics);

  CHECK(lines_of(diagnostics).empty());
  Texts names;
  for (const PlainTarget& plain : profile.targets)
    names.emplace_back(id_of_target(plain.target.parameter));
  CHECK(names ==
        Texts{"target:net.ipv4.conf.all.rp_filter", "target:net.ipv4.conf.eth0.rp_filter"});
}

TEST_CASE("profile: a rule of its own takes the place of the one of its group") {
  const Report report =
      audited({{"p", kHead + ("rules = 'g'\n" + rule("a", "option.limit > 1", "remedy = 'mine'"))},
               {"rules/g", "[options]\nlimit = { default = 2, meaning = 'm' }\n" +
                               rule("a", "false", "remedy = 'theirs'") +
                               rule("b", "true", "remedy = 'theirs'")}},
              idle_host());

  REQUIRE(report.findings.size() == 2);
  CHECK(find_finding(report, "a")->remedy == "mine");
  CHECK(find_finding(report, "b")->remedy == "theirs");
}

TEST_CASE("recommend: the profiles that the load speaks for come first, with the numbers") {
  const Catalogue catalogue = testing::shipped_catalogue();
  Diagnostics diagnostics;
  std::vector<Profile> profiles;
  for (const char* when : {"", "recommend_when = 'connections.incoming_per_second > 1000.0'",
                           "recommend_when = 'connections.outgoing_per_second >= 5.0'"}) {
    profiles.push_back(parse_profile(
        {"p.toml", "name = '" + std::to_string(profiles.size()) + "'\nsummary = 's'\n" + when},
        testing::knowledge(catalogue), diagnostics));
  }
  Snapshot busy = idle_host();
  testing::count(busy, "Tcp.ActiveOpens", 5);

  const std::vector<ProfileAdvice> advice = recommend(profiles, catalogue, busy);

  REQUIRE(advice.size() == 2);
  CHECK(advice[0].profile == "2");
  CHECK(advice[0].speaks == ProfileAdvice::Speaks::kFor);
  CHECK(advice[0].observed.at(0).value == "5.0");
  CHECK(advice[1].speaks == ProfileAdvice::Speaks::kNotFor);
}

}  // namespace advisor::guards_test
