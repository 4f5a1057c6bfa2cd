#include <doctest/doctest.h>

#include "load/profile_set.h"
#include "support/builders.h"

namespace advisor::profile_test {
namespace {

using testing::lines_of;
using testing::name;
using testing::TextProfiles;
using Texts = testing::Lines;

struct Resolved {
  EffectiveProfile profile;
  Diagnostics diagnostics;
};

Resolved resolved(const Texts& names, const TextProfiles& source) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Resolved result;
  result.profile =
      resolve_profiles(names, source, testing::knowledge(catalogue), result.diagnostics);
  return result;
}

/// The head of a profile, two lines.
std::string head(const std::string& name) {
  return "name = '" + name + "'\nsummary = 's'\n";
}

/// What is wrong with a profile that has `body` from line 3 on.
Texts complaints(const std::string& body) {
  return lines_of(resolved({"p"}, TextProfiles({{"p", head("p") + body}})).diagnostics);
}

const std::string kGroup =
    "[options]\nlimit = { default = 0.5, meaning = 'm' }\nnames = { default = 'x', meaning = 'm' "
    "}\n"
    "[[rule]]\nid = 'r'\ntitle = 't'\nseverity = 'info'\nevidence = 'e'\nbecause = 'b'\n"
    "when = 'ports.busiest.share > option.limit'\n";

const PlainTarget* target_of(const EffectiveProfile& profile, const char* parameter) {
  for (const PlainTarget& plain : profile.targets) {
    if (plain.target.parameter == name(parameter)) return &plain;
  }
  return nullptr;
}

int64_t demanded(const PlainTarget* plain) {
  REQUIRE(plain);
  return std::get<std::vector<int64_t>>(std::get<TypedValue>(plain->target.operands.at(0))).at(0);
}

}  // namespace

TEST_CASE("profile: a bare value means exactly, and a table holds the demand and its reason") {
  const Resolved result = resolved(
      {"p"},
      TextProfiles({{"p", head("p") + "[targets]\n\"net.ipv4.tcp_tw_reuse\" = 1\n"
                                      "\"net.ipv4.ip_local_port_range\" = [1024, 65535]\n"
                                      "\"net.core.somaxconn\" = { at_least = 9, because = 'why', "
                                      "severity = 'warning' }\n"}}));

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(target_of(result.profile, "net.ipv4.tcp_tw_reuse")->target.relation == Relation::kExactly);
  CHECK(demanded(target_of(result.profile, "net.ipv4.ip_local_port_range")) == 1024);
  const PlainTarget* backlog = target_of(result.profile, "net.core.somaxconn");
  REQUIRE(backlog);
  CHECK(backlog->target.relation == Relation::kAtLeast);
  CHECK(backlog->severity == Severity::kWarning);
  CHECK(backlog->because == "why");
  CHECK(backlog->profile == "p");
}

TEST_CASE("profile: a value that makes no sense is an error, also where the kernel takes it") {
  const Texts fallen{
      "p.toml:4:23: net.ipv4.tcp_rmem = 6291456 131072 4096 makes no sense, though the kernel "
      "takes "
      "it: its numbers must not fall (min <= default <= max)"};

  CHECK(complaints("[targets]\n\"net.ipv4.tcp_rmem\" = [6291456, 131072, 4096]\n") == fallen);
  CHECK(
      complaints("[targets]\n\"net.ipv4.tcp_timestamps\" = 9\n") ==
      Texts{"p.toml:4:29: net.ipv4.tcp_timestamps = 9 makes no sense, though the kernel takes it: "
            "its range is 0..2"});
  CHECK(complaints("[targets]\n\"net.core.somaxconn\" = 100000\n").empty());
}

TEST_CASE("profile: a wrong target says where and why") {
  CHECK(complaints("[targets]\n\"net.ipv4.tw_reuse\" = 1\n") ==
        Texts{"p.toml:4:1: unknown parameter \"net.ipv4.tw_reuse\" "
              "(did you mean \"net.ipv4.tcp_tw_reuse\"?)"});
  CHECK(complaints("[targets]\n\"net.ipv4.tcp_tw_reuse\" = 3\n") ==
        Texts{"p.toml:4:27: net.ipv4.tcp_tw_reuse = 3 is not a value for this parameter: "
              "the kernel takes 0..2"});
  CHECK(complaints("[targets]\n\"net.ipv4.tcp_tw_reuse\" = 0.5\n").size() == 1);
  CHECK(complaints("[targets]\n\"net.core.somaxconn\" = { at_least = 1, severity = 'bad' }\n") ==
        Texts{"p.toml:4:51: unknown severity \"bad\" (one of: note, warning, critical)"});
  CHECK(complaints("[targets]\n\"net.core.somaxconn\" = { atleast = 1 }\n").size() == 1);
  CHECK(complaints("targets = 1\n") ==
        Texts{"p.toml:3:11: \"targets\" must be a table, not a whole number"});
}

TEST_CASE("profile: what is missing or unknown in its head is reported") {
  CHECK(
      lines_of(resolved({"p"}, TextProfiles({{"p", std::string("extend = 'x'\n")}})).diagnostics) ==
      Texts{"p.toml:1:1: a profile needs \"name\"", "p.toml:1:1: a profile needs \"summary\"",
            "p.toml:1:1: a profile has no \"extend\" (did you mean \"extends\"?)"});
  CHECK(complaints("recommend_when = 'ports.usabel > 1'\n").at(0).starts_with("p.toml:3:19: "));
  CHECK(complaints("name = 'twice'\n").size() >= 1);
}

TEST_CASE("profile: one parameter in both spellings is one parameter named twice") {
  CHECK(complaints("[targets]\n\"net.core.somaxconn\" = 1\n\"net/core/somaxconn\" = 2\n") ==
        Texts{"p.toml:5:1: net.core.somaxconn is named twice (the other stands at p.toml:4:1)"});
}

TEST_CASE("profile: a pattern speaks for what no other target of the profile names itself") {
  const Catalogue catalogue = testing::shipped_catalogue();
  ParameterKnowledge known = testing::knowledge(catalogue);
  known.matching = [](const ParameterName&) {
    return std::vector{name("net.ipv4.conf.all.rp_filter"), name("net.ipv4.conf.lo.rp_filter")};
  };
  const std::string family = "\"net.ipv4.conf.*.rp_filter\" = 2\n";
  const std::string exception = "\"net.ipv4.conf.all.rp_filter\" = 0\n";
  for (const std::string& targets : {family + exception, exception + family}) {
    const TextProfiles source({{"p", head("p") + "[targets]\n" + targets}});
    Diagnostics diagnostics;
    const EffectiveProfile profile = resolve_profiles({"p"}, source, known, diagnostics);

    CHECK(lines_of(diagnostics) == Texts{});
    CHECK(profile.targets.size() == 2);
    CHECK(demanded(target_of(profile, "net.ipv4.conf.all.rp_filter")) == 0);
    CHECK(demanded(target_of(profile, "net.ipv4.conf.lo.rp_filter")) == 2);
  }
  const TextProfiles twice(
      {{"p", head("p") + "[targets]\n" + family + "\"net/ipv4/conf/*/rp_filter\" = 1\n"}});
  Diagnostics diagnostics;
  resolve_profiles({"p"}, twice, known, diagnostics);
  CHECK(diagnostics.size() == 2);
}

TEST_CASE("profile: what is asked of one variable under two names must go together") {
  const std::string one = "[targets]\n\"net.ipv4.ip_forward\" = 1\n";
  CHECK(
      complaints(one + "\"net.ipv4.conf.all.forwarding\" = 0\n") ==
      Texts{"p.toml:5:1: net.ipv4.conf.all.forwarding is another name of net.ipv4.ip_forward, and "
            "no value meets both: exactly 0, and exactly 1 (the other stands at p.toml:4:1)"});
  CHECK(complaints(one + "\"net.ipv4.conf.all.forwarding\" = 1\n") == Texts{});
  // Perhaps never on the same host.
  CHECK(complaints(one + "\"net.ipv4.conf.all.forwarding\" = { exactly = 0, when = "
                         "'host.container' }\n") == Texts{});
}

TEST_CASE("profile: an expression that speaks of nothing is judged as the value it comes to") {
  const auto of_somaxconn = [](const std::string& written) {
    return complaints("[targets]\n\"net.core.somaxconn\" = '" + written + "'\n");
  };
  CHECK(of_somaxconn("4 * 1024") == Texts{});
  CHECK(of_somaxconn("- 1") ==
        Texts{"p.toml:4:24: net.core.somaxconn = -1 is not a value for this parameter: the kernel "
              "takes 0..2147483647"});
  CHECK(of_somaxconn("1 / 0") ==
        Texts{"p.toml:4:24: net.core.somaxconn cannot be computed: error (division by zero)"});
  CHECK(of_somaxconn("08") ==
        Texts{"p.toml:4:25: \"08\" begins with 0 (the kernel would read it as octal; leave the 0 "
              "out)"});
}

TEST_CASE("profile: an unknown profile is reported with the nearest, or with all there are") {
  const TextProfiles source({{"web", head("web")}, {"batch", head("batch")}});

  CHECK(lines_of(resolved({"wep"}, source).diagnostics) ==
        Texts{": unknown profile \"wep\" (did you mean \"web\"?)"});
  CHECK(lines_of(resolved({"something-else"}, source).diagnostics) ==
        Texts{": unknown profile \"something-else\" (there are: batch, web)"});
}

TEST_CASE("profile: unknown parents, rules and rule ids are reported where they are named") {
  CHECK(complaints("extends = ['q']\n").at(0).starts_with("p.toml:3:12: unknown profile \"q\""));
  CHECK(complaints("rules = ['ports']\n") == Texts{"p.toml:3:10: unknown rules \"ports\""});
  CHECK(complaints("disable = ['no-rule']\n") ==
        Texts{"p.toml:3:12: this profile has no rule \"no-rule\" "
              "(it has no rules at all: name some in \"rules\" or \"extends\")"});
}

TEST_CASE("profile: one that extends itself is reported with the way around") {
  const TextProfiles source({{"a", head("a") + "extends = 'b'\n"},
                             {"b", head("b") + "extends = ['c']\n"},
                             {"c", head("c") + "extends = ['a']\n"}});

  CHECK(lines_of(resolved({"a"}, source).diagnostics) ==
        Texts{"c.toml:3:12: profile \"a\" extends itself: a -> b -> c -> a "
              "(take this one out, or one of those between)"});
}

TEST_CASE("profile: a child's target replaces its parent's") {
  const TextProfiles source(
      {{"parent", head("parent") + "[targets]\n\"net.core.somaxconn\" = { at_least = 4096 }\n"
                                   "\"net.ipv4.tcp_timestamps\" = 1\n"},
       {"child", head("child") + "extends = 'parent'\n[targets]\n\"net.core.somaxconn\" = 128\n"}});

  const Resolved result = resolved({"child"}, source);

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(result.profile.names == Texts{"child"});
  CHECK(result.profile.targets.size() == 2);
  CHECK(demanded(target_of(result.profile, "net.core.somaxconn")) == 128);
}

TEST_CASE("profile: a parent named again behind its child does not undo the child") {
  const TextProfiles source(
      {{"parent", head("parent") + "[targets]\n\"net.core.somaxconn\" = 128\n"},
       {"child", head("child") + "extends = 'parent'\n[targets]\n\"net.core.somaxconn\" = 8192\n"},
       {"site", head("site") + "extends = ['child', 'parent']\n"}});

  const Resolved result = resolved({"site"}, source);

  CHECK(lines_of(result.diagnostics).empty());
  REQUIRE(result.profile.targets.size() == 1);
  CHECK(demanded(target_of(result.profile, "net.core.somaxconn")) == 8192);
}

TEST_CASE("profile: targets of profiles named side by side all hold") {
  const TextProfiles source(
      {{"base", head("base") + "[targets]\n\"net.ipv4.tcp_timestamps\" = 1\n"},
       {"a",
        head("a") + "extends = 'base'\n[targets]\n\"net.core.somaxconn\" = { at_least = 1 }\n"},
       {"b",
        head("b") + "extends = 'base'\n[targets]\n\"net.core.somaxconn\" = { at_most = 9 }\n"}});

  const Resolved result = resolved({"a", "b"}, source);

  CHECK(result.profile.names == Texts{"a", "b"});
  // Two of somaxconn, and one of the parent they share.
  CHECK(result.profile.targets.size() == 3);
}

TEST_CASE("profile: options go from the group to the parent to the child") {
  const TextProfiles source(
      {{"rules/g", kGroup},
       {"parent", head("parent") + "rules = 'g'\noptions = { limit = 0.4 }\n"},
       {"child", head("child") + "extends = 'parent'\n[options]\nlimit = 1\n"}});

  const Resolved parent = resolved({"parent"}, source);
  const Resolved child = resolved({"child"}, source);

  CHECK(lines_of(child.diagnostics).empty());
  CHECK(parent.profile.groups.at(0).options.at("limit") == expr::Value(0.4));
  CHECK(child.profile.groups.at(0).options.at("limit") == expr::Value(1.0));
  CHECK(child.profile.groups.at(0).options.at("names") == expr::Value("x"));
  CHECK(child.profile.groups.at(0).profile == "parent");
}

TEST_CASE("profile: an option that no rule reads, or of the wrong type, is reported") {
  const auto with = [](const std::string& options) {
    const TextProfiles source(
        {{"rules/g", kGroup}, {"p", head("p") + "rules = 'g'\n[options]\n" + options + "\n"}});
    return lines_of(resolved({"p"}, source).diagnostics);
  };

  CHECK(with("limits = 0.4") ==
        Texts{"p.toml:5:10: no rule of this profile reads option \"limits\" "
              "(did you mean \"limit\"?)"});
  CHECK(
      with("limit = 'x'") ==
      Texts{
          "p.toml:5:9: option \"limit\" must be of type double, not string (its default is 0.5)"});
  CHECK(
      with("names = 1") ==
      Texts{"p.toml:5:9: option \"names\" must be of type string, not int (its default is \"x\")"});
}

TEST_CASE("profile: a rule can be switched off by its id") {
  const TextProfiles source(
      {{"rules/g", kGroup}, {"p", head("p") + "rules = 'g'\ndisable = 'r'\n"}});

  const Resolved result = resolved({"p"}, source);

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(result.profile.groups.at(0).group.rules.empty());
}

TEST_CASE("profile: every parameter that rules, messages and targets speak of is named") {
  const TextProfiles source(
      {{"rules/g",
        "[[rule]]\nid = 'r'\ntitle = 't'\nseverity = 'note'\n"
        "evidence = '{sysctl.net.ipv4.tcp_max_tw_buckets}'\nbecause = 'b'\n"
        "when = 'sysctl.net.ipv4.tcp_fin_timeout < 60'\n"
        "target = { parameter = 'net.core.somaxconn', at_least = "
        "'sysctl[\"net.ipv4.tcp_max_syn_backlog\"]' }\n"
        "requires = { \"net.ipv4.tcp_timestamps\" = { at_least = 1 } }\n"},
       {"p", head("p") + "rules = 'g'\n[targets]\n\"net.ipv4.tcp_syncookies\" = 1\n"}});

  const Resolved result = resolved({"p"}, source);

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(parameters_of(result.profile) ==
        std::set<ParameterName>{name("net.core.somaxconn"), name("net.ipv4.tcp_fin_timeout"),
                                name("net.ipv4.tcp_max_syn_backlog"),
                                name("net.ipv4.tcp_max_tw_buckets"),
                                name("net.ipv4.tcp_syncookies"), name("net.ipv4.tcp_timestamps")});
}

}  // namespace advisor::profile_test
