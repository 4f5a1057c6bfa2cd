#include "load/rule_parser.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::rule_parser_test {
namespace {

using testing::lines_of;
using testing::name;
using Texts = testing::Lines;

struct Parsed {
  RuleGroup group;
  Diagnostics diagnostics;
};

Parsed parsed(const std::string& toml) {
  const Catalogue catalogue = testing::shipped_catalogue();
  Parsed result;
  result.group =
      parse_rule_group("test", {"r.toml", toml},
                       testing::knowledge(catalogue, {"net.ipv4.tcp_odd"}), result.diagnostics);
  return result;
}

Texts complaints(const std::string& toml) {
  return lines_of(parsed(toml).diagnostics);
}

/// A rule that is right but for what is added: the line added is line 7.
std::string rule_with(const std::string& line) {
  return "[[rule]]\nid = 'r'\ntitle = 't'\nseverity = 'note'\nevidence = 'e'\nbecause = 'b'\n" +
         line + "\nwhen = 'ports.usable < 1'\n";
}

std::string rule_when(const std::string& condition) {
  return "[[rule]]\nid = 'r'\ntitle = 't'\nseverity = 'info'\nevidence = 'e'\nbecause = 'b'\n"
         "when = " +
         condition + "\n";
}

}  // namespace

TEST_CASE("rule: everything that is written is kept") {
  const Parsed result = parsed(
      "[options]\nlimit = { default = 0.5, meaning = 'share' }\n"
      "[[rule]]\n"
      "id = 'r'\ntitle = 'Title'\nwhen = 'ports.busiest.share > option.limit'\n"
      "target = [{ parameter = 'net.core.somaxconn', at_least = 'ports.usable' },\n"
      "          { parameter = 'net/ipv4/tcp_tw_reuse', one_of = [1, 2] }]\n"
      "requires = { \"net.ipv4.tcp_timestamps\" = { at_least = 1 } }\n"
      "severity = 'critical'\nevidence = 'Seen {ports.usable}.'\nbecause = 'Why.'\n"
      "remedy = 'Besides.'\ncost = 'memory'\nreference = ['RFC 1']\n");

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(std::get<double>(result.group.options.at("limit").default_value) == 0.5);
  REQUIRE(result.group.rules.size() == 1);
  const Rule& rule = result.group.rules[0];
  CHECK(rule.id == "r");
  CHECK(rule.when.text() == "ports.busiest.share > option.limit");
  CHECK(rule.severity == Severity::kCritical);
  REQUIRE(rule.targets.size() == 2);
  CHECK(std::holds_alternative<expr::Expression>(rule.targets[0].operands[0]));
  CHECK(rule.targets[1].parameter == name("net.ipv4.tcp_tw_reuse"));
  CHECK(rule.targets[1].operands.size() == 2);
  REQUIRE(rule.requires_.size() == 1);
  CHECK(rule.requires_[0].relation == Relation::kAtLeast);
  CHECK(rule.has_remedy);
  CHECK(rule.where.line == 3);
}

TEST_CASE("rule: an unknown parameter is reported with the one that was meant") {
  CHECK(complaints(rule_with("target = { parameter = 'net.ipv4.tw_reuse', exactly = 1 }")) ==
        Texts{"r.toml:7:24: unknown parameter \"net.ipv4.tw_reuse\" "
              "(did you mean \"net.ipv4.tcp_tw_reuse\"?)"});
}

TEST_CASE("rule: what this host has may be targeted without a catalogue row") {
  const Parsed result =
      parsed(rule_with("target = { parameter = 'net.ipv4.tcp_odd', exactly = 1 }"));

  CHECK(lines_of(result.diagnostics).empty());
  CHECK(result.group.rules.at(0).targets.at(0).parameter == name("net.ipv4.tcp_odd"));
}

TEST_CASE("rule: a wrong demand says where and why") {
  const auto demand = [](const std::string& text) {
    return complaints(rule_with("remedy = 'x'\ntarget = { parameter = " + text + " }"));
  };

  CHECK(demand("'net.ipv4.tcp_tw_reuse', exactly = 3") ==
        Texts{"r.toml:8:59: net.ipv4.tcp_tw_reuse = 3 is not a value for this parameter: "
              "the kernel takes 0..2"});
  CHECK(demand("'net.ipv4.route.flush', exactly = 1") ==
        Texts{"r.toml:8:24: net.ipv4.route.flush cannot be read back: the kernel only takes writes "
              "to it (what cannot be read cannot be audited or rolled back; leave it out)"});
  CHECK(demand("'net.ipv4.tcp_ehash_entries', exactly = 1") ==
        Texts{"r.toml:8:24: net.ipv4.tcp_ehash_entries cannot be written: "
              "the kernel only shows it (leave it out)"});
  CHECK(demand("'net.core.somaxconn'") ==
        Texts{"r.toml:8:10: net.core.somaxconn needs a demand such as at_least = 1 "
              "(one of: exactly, at_least, at_most, one_of, covers, includes)"});
  CHECK(demand("'net.core.somaxconn', at_least = 1, at_most = 9") ==
        Texts{"r.toml:8:70: net.core.somaxconn has two demands; write one"});
  CHECK(demand("'net.core.somaxconn', covers = [1, 2]") ==
        Texts{"r.toml:8:55: covers works on a range only, which net.core.somaxconn is not "
              "(it takes exactly, at_least, at_most, one_of)"});
  CHECK(demand("'net.ipv4.ip_local_reserved_ports', at_least = 1") ==
        Texts{"r.toml:8:71: at_least works on numbers only, "
              "which net.ipv4.ip_local_reserved_ports is not "
              "(it takes exactly, one_of, includes)"});
  CHECK(demand("'net.core.somaxconn', one_of = []") ==
        Texts{"r.toml:8:55: one_of needs a list of values (such as one_of = [1, 2])"});
  CHECK(demand("'net.core.somaxconn', at_least = 'ports.busiest.share'") ==
        Texts{"r.toml:8:57: net.core.somaxconn cannot be computed by an expression of type double "
              "(write int(...) around it)"});
  CHECK(demand("'net.ipv4.ip_local_port_range', covers = [60999, 15000]") ==
        Texts{"r.toml:8:65: net.ipv4.ip_local_port_range = 60999 15000 is not a value for this "
              "parameter: the kernel takes no range whose low is above its high"});
}

TEST_CASE("rule: an error in a condition points at the very character") {
  CHECK(complaints(rule_when("'ports.usabel > 1'")) ==
        Texts{"r.toml:7:9: unknown fact \"ports.usabel\" (did you mean \"ports.usable\"?)"});
  CHECK(
      complaints(rule_when("'''\n  true &&\n  ports.usable'''")).at(0).starts_with("r.toml:8:8: "));
  CHECK(complaints(rule_when("'ports.usable'")) ==
        Texts{"r.toml:7:8: a condition must be true or false, but this is of type int"});
  CHECK(complaints(rule_when("1")) ==
        Texts{"r.toml:7:8: an expression must be text, not a whole number"});
  CHECK(complaints(rule_when("'option.limit > 1'")).at(0).starts_with("r.toml:7:9: "));
  CHECK(complaints(rule_when("'sysctl.net.ipv4.tw_reuse > 1'")) ==
        Texts{"r.toml:7:9: unknown parameter \"net.ipv4.tw_reuse\" "
              "(did you mean \"net.ipv4.tcp_tw_reuse\"?)"});
}

TEST_CASE("rule: an error in a message points into the message") {
  CHECK(complaints(rule_with("remedy = 'A pool of {churn.pool}.'"))
            .at(0)
            .starts_with("r.toml:7:22: unknown fact \"churn.pool\""));
}

TEST_CASE("rule: what is missing, unknown or said twice is reported") {
  CHECK(complaints("[[rule]]\nid = 'r'\n") ==
        Texts{"r.toml:1:1: a rule needs \"when\"", "r.toml:1:1: a rule needs \"severity\"",
              "r.toml:1:1: a rule needs \"evidence\"", "r.toml:1:1: a rule needs \"because\"",
              "r.toml:1:1: a rule needs \"title\""});
  CHECK(complaints(rule_with("remedi = 'x'\nremedy = 'y'")) ==
        Texts{"r.toml:7:1: a rule has no \"remedi\" (did you mean \"remedy\"?)"});
  CHECK(complaints(rule_when("'true'") + rule_when("'true'")) ==
        Texts{"r.toml:8:1: there are two rules \"r\" (the other stands at r.toml:1:1)"});
  CHECK(complaints("[[rules]]\nid = 'r'\n") ==
        Texts{"r.toml:1:3: a rule file has no \"rules\" (did you mean \"rule\"?)"});
}

TEST_CASE("rule: an unknown severity says which there are, once") {
  std::string text = rule_when("'true'");
  text.replace(text.find("'info'"), 6, "'bad'");

  CHECK(complaints(text).at(0) ==
        "r.toml:4:12: unknown severity \"bad\" (one of: info, note, warning, critical)");
}

TEST_CASE("rule: a parameter through which code is run as root can be nobody's target") {
  CHECK(complaints(rule_with("remedy = 'x'\n"
                             "target = { parameter = 'kernel.core_pattern', exactly = '|/x' }")) ==
        Texts{"r.toml:8:24: kernel.core_pattern says what code the kernel runs as root "
              "(no profile may set it, unless [[allow]] in /etc/sysctl-advisor/config.toml names "
              "it)"});
}

TEST_CASE("rule: an explanation must not have a target") {
  std::string text = rule_with("target = { parameter = 'net.core.somaxconn', at_least = 1 }");
  text.replace(text.find("'note'"), 6, "'info'");

  CHECK(complaints(text) ==
        Texts{"r.toml:7:10: rule \"r\" only explains, yet has a target "
              "(give it a severity of note or above, or leave the target out)"});
}

TEST_CASE("rule: an option needs a default of one type and a meaning") {
  CHECK(complaints("[options]\na = { default = [1], meaning = 'm' }\n") ==
        Texts{"r.toml:2:17: an option cannot be a list"});
  CHECK(complaints("[options]\na = { default = 1 }\n") ==
        Texts{"r.toml:2:5: an option needs \"meaning\""});
  CHECK(complaints("[options]\na = 1\n").at(0) ==
        "r.toml:2:5: an option must be a table, not a whole number "
        "(write { default = ..., meaning = \"...\" })");
}

}  // namespace advisor::rule_parser_test
