#include <doctest/doctest.h>

#include "load/proof.h"
#include "support/builders.h"

namespace advisor::proof_parser_test {
namespace {

using testing::lines_of;
using Texts = testing::Lines;

struct Parsed {
  Proofs proofs;
  Diagnostics diagnostics;
};

Parsed parsed(const std::string& toml) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const ProvableRules rules{{"time-wait-reuse", "fin-wait-many"},
                            {{"many_closing", expr::Value(int64_t{10000})}}};
  Parsed result;
  add_proofs({"p.toml", toml}, rules, catalogue, result.proofs, result.diagnostics);
  return result;
}

/// A proof that is right but for the line added, which is line 2.
std::string proof_with(const std::string& line) {
  return "[[proof]]\n" + line +
         "\nid = 'p'\nsays = 's'\neffect = 'at once'\n"
         "before = 'figure == of'\napplied = 'figure == 0'\nrolled_back = 'figure == of'\n";
}

constexpr const char* kRest =
    "rule = 'fin-wait-many'\nclaim = 'works'\nplace = 'pair'\n"
    "counts = 'connections refused'\nload = { kind = 'churn', connections = 5 }\n";

Texts complaints(const std::string& toml) {
  return lines_of(parsed(toml).diagnostics);
}

}  // namespace

TEST_CASE("proof: everything that is written is kept") {
  const Parsed result = parsed(proof_with(
      "rule = 'fin-wait-many'\nclaim = 'does nothing'\nplace = 'pair'\nkept_up = true\n"
      "counts = 'connections kept out'\noptions = { many_closing = 200 }\n"
      "start = { 'net.core.somaxconn' = '16' }\npeer = { 'net.ipv4.tcp_ecn' = '1' }\n"
      "change = { 'net.core.somaxconn' = '4096' }\nprogram_helps = true\nhelped = 'figure < 3'\n"
      "load = { kind = 'burst', connections = 40, backlog = 9, forged = 7, listens_once = true }"));

  CHECK(lines_of(result.diagnostics).empty());
  REQUIRE(result.proofs.proofs.size() == 1);
  const Proof& proof = result.proofs.proofs.front();
  CHECK(proof.id == "p");
  CHECK(proof.rule == "fin-wait-many");
  CHECK(proof.claim == ProofClaim::kDoesNothing);
  CHECK(proof.place == ProofPlace::kPair);
  CHECK(proof.kept_up);
  CHECK(proof.program_helps);
  CHECK(proof.options == "many_closing = 200\n");
  REQUIRE(proof.start.size() == 1);
  CHECK(proof.start.front().key == "net.core.somaxconn");
  CHECK(proof.start.front().value == "16");
  CHECK(proof.peer.front().key == "net.ipv4.tcp_ecn");
  CHECK(proof.change.front().value == "4096");
  CHECK(proof.measure == Measure::kKeptOut);
  CHECK(proof.load.kind == LoadKind::kBurst);
  CHECK(proof.load.connections == 40);
  CHECK(proof.load.backlog == 9);
  CHECK(proof.load.forged == 7);
  CHECK(proof.load.listens_once);
  CHECK(proof.helped->text().view() == "figure < 3");
}

TEST_CASE("proof: each word that may stand there is one of a few") {
  const Texts said = complaints(
      proof_with("rule = 'fin-wait-mani'\nclaim = 'work'\nplace = 'pear'\n"
                 "counts = 'connections refusd'\nload = { kind = 'chorn', connections = 5 }"));

  // The nearest name is looked for three times; then the names are listed.
  REQUIRE(said.size() == 5);
  CHECK(said[0] ==
        "p.toml:2:8: there is no rule \"fin-wait-mani\" (did you mean \"fin-wait-many\"?)");
  CHECK(said[1] == "p.toml:3:9: \"claim\" cannot be \"work\" (did you mean \"works\"?)");
  CHECK(said[2] == "p.toml:4:9: \"place\" cannot be \"pear\" (did you mean \"pair\"?)");
  CHECK(said[3] ==
        "p.toml:6:17: \"kind\" cannot be \"chorn\" (one of: churn, hold, burst, restart, bulk, "
        "outage, datagrams, redirects)");
  CHECK(said[4].starts_with(
      "p.toml:5:10: \"counts\" cannot be \"connections refusd\" (one of: connections refused, "));
}

TEST_CASE("proof: only parameters of a network namespace are set, and they must be known") {
  const Texts said = complaints(
      proof_with(std::string("start = { 'net.ipv4.tcp_tw_reus' = '1', 'vm.swappiness' = '1', "
                             "'net.core.somaxconn' = 16 }\n") +
                 kRest));

  REQUIRE(said.size() == 3);
  CHECK(said[0].find("p.toml:2:43: error: a") == std::string::npos);
  CHECK(said[0].find("a value must be text, not a whole number") != std::string::npos);
  CHECK(said[1].find("unknown parameter \"net.ipv4.tcp_tw_reus\"") != std::string::npos);
  CHECK(said[1].find("net.ipv4.tcp_tw_reuse") != std::string::npos);
  CHECK(said[2].find("vm.swappiness is the same for the whole machine") != std::string::npos);
}

TEST_CASE("proof: an expectation speaks of the figure, and of how many were tried") {
  const Texts said = complaints(proof_with(std::string(kRest) + "helped = 'figur == 0'"));

  REQUIRE(said.size() == 2);
  CHECK(said[0].find("figur") != std::string::npos);
  CHECK(said[1].find("\"helped\" is for a change that does nothing") != std::string::npos);
}

TEST_CASE("proof: that a change does nothing needs the change, and something that helps") {
  const Texts said = complaints(
      proof_with("rule = 'fin-wait-many'\nclaim = 'does nothing'\nplace = 'pair'\n"
                 "counts = 'connections refused'\nload = { kind = 'churn', connections = 5 }"));

  REQUIRE(said.size() == 2);
  CHECK(said[0].find("needs \"change\"") != std::string::npos);
  CHECK(said[1].find("what helps") != std::string::npos);
}

TEST_CASE("proof: a load has what its kind has, within bounds") {
  const auto with_load = [](const std::string& load) {
    return complaints(
        proof_with("rule = 'fin-wait-many'\nclaim = 'works'\nplace = 'loopback'\n"
                   "counts = 'connections refused'\nload = " +
                   load));
  };

  CHECK(with_load("{ kind = 'churn', connections = 5, backlog = 3 }").size() == 1);
  CHECK(with_load("{ kind = 'churn', connections = 0 }").size() == 1);
  CHECK(with_load("{ kind = 'churn', connections = 100000 }").size() == 1);
  CHECK(with_load("{ kind = 'burst', connections = 5 }").size() == 1);
  CHECK(with_load("{ kind = 'burst', connections = 5, backlog = 3, forged = 1 }").size() == 1);
  CHECK(with_load("{ kind = 'restart', connections = 5, services = [22] }").size() == 1);
  CHECK(with_load("{ kind = 'restart', connections = 5, services = [2200] }").empty());
  CHECK(with_load("{ kind = 'bulk', connections = 5, bytes = 1000000000 }").size() == 1);
  CHECK(with_load("{ kind = 'bulk', connections = 5, bytes = 5, pause = true }").empty());
  CHECK(with_load("{ kind = 'bulk', connections = 5, segments = 5, pause = true }").size() == 1);
  CHECK(with_load("{ kind = 'bulk', connections = 5 }").size() == 1);
  CHECK(with_load("{ kind = 'bulk', connections = 5, bytes = 5, pace = 10 }").size() == 1);
  CHECK(with_load("{ kind = 'restart', connections = 5, services = [2200, 2200] }").size() == 1);
  CHECK(with_load("{ kind = 'restart', connections = 5, services = [] }").size() == 1);
  CHECK(with_load("{ kind = 'outage', connections = 5, unanswered = 3 }").size() == 1);
  CHECK(with_load("{ kind = 'datagrams', connections = 5 }").size() == 1);
  CHECK(with_load("{ kind = 'redirects', connections = 5 }").size() == 1);
  CHECK(with_load("{ kind = 'redirects', connections = 300 }").size() == 2);
}

TEST_CASE("proof: orphans are declared, all of them, and not made without end") {
  const auto with = [](const std::string& members) {
    return complaints(
        proof_with("rule = 'fin-wait-many'\nclaim = 'works'\nplace = 'pair'\n"
                   "counts = 'sockets kept for minutes'\n" +
                   members));
  };
  const std::string load =
      "load = { kind = 'churn', connections = 5, fill = 10, peer_keeps_open = true }\n";

  CHECK(with(load).size() == 1);
  CHECK(with(load + "takes = { orphans = 14 }\n").size() == 1);
  CHECK(with(load + "takes = { orphans = 15 }\n").empty());
  CHECK(with(load + "takes = { orphans = 15 }\nkept_up = true\n").size() == 1);
}

TEST_CASE(
    "proof: an option has the type that its rule gives it, a parameter an interface of a proof") {
  const Texts said =
      complaints(proof_with(std::string("options = { many_closing = 'x' }\n"
                                        "start = { 'net.ipv4.conf.*.rp_filter' = '1', "
                                        "'net.ipv4.conf.eth7.rp_filter' = '1', "
                                        "'net.ipv4.conf.proof0.rp_filter' = '1' }\n") +
                            kRest));

  REQUIRE(said.size() == 3);
  CHECK(said[0].find("p.toml:2:28: option \"many_closing\" must be of type int") == 0);
  CHECK(said[1].find("no proof has the interface of net.ipv4.conf.*.rp_filter") !=
        std::string::npos);
  CHECK(said[2].find("net.ipv4.conf.eth7.rp_filter") != std::string::npos);
}

TEST_CASE("proof: a line says what it does to packets, and only a line does") {
  const std::string load =
      "rule = 'fin-wait-many'\nclaim = 'works'\ncounts = 'timeouts'\n"
      "load = { kind = 'bulk', connections = 5, segments = 5 }\n";

  const Parsed right = parsed(
      proof_with(load + "place = 'line'\nline = { delay_ms = 5, longest = 1300, lost = [7] }"));
  CHECK(lines_of(right.diagnostics).empty());
  REQUIRE(right.proofs.proofs.size() == 1);
  CHECK(right.proofs.proofs[0].line.delay_ms == 5);
  CHECK(right.proofs.proofs[0].line.longest == 1300);
  CHECK(right.proofs.proofs[0].line.lost == std::vector<int64_t>{7});

  CHECK(complaints(proof_with(load + "place = 'pair'\nline = { delay_ms = 5 }")).size() == 1);
  CHECK(complaints(proof_with(load + "place = 'line'\nline = { lost = [0] }")).size() == 1);
}

TEST_CASE("proof: what is taken of the pools of the host is declared") {
  const std::string rest =
      "rule = 'fin-wait-many'\nclaim = 'works'\nplace = 'pair'\ncounts = 'connections refused'\n"
      "load = { kind = 'churn', connections = 5, peer_keeps_open = true }\n";

  const Texts missing = complaints(proof_with(rest));
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].find("takes = { orphans = 5 }") != std::string::npos);
  CHECK(complaints(proof_with(rest + "takes = { orphans = 4 }")).size() == 1);
  CHECK(complaints(proof_with(rest + "takes = { orphans = 5, files = 3 }")).size() == 1);

  const Parsed right = parsed(proof_with(rest + "takes = { orphans = 5, neighbours = 2 }"));
  REQUIRE(right.proofs.proofs.size() == 1);
  CHECK(right.proofs.proofs[0].takes.at(SharedPool::kOrphans) == 5);
  CHECK(right.proofs.proofs[0].takes.at(SharedPool::kNeighbours) == 2);
}

TEST_CASE("proof: two of one id are an error at the second") {
  const std::string one = proof_with(kRest);

  const Parsed result = parsed(one + one);

  CHECK(result.proofs.proofs.size() == 1);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].message == "there are two proofs \"p\"");
  CHECK(result.diagnostics[0].hint == "the other stands at p.toml:1:1");
}

TEST_CASE("proof: rules without one are listed with the reason, and exist") {
  const Parsed result =
      parsed("[[unproven]]\nrules = ['time-wait-reuse', 'time-wait-reuze']\nwhy = 'w'\n");

  REQUIRE(result.proofs.unproven.size() == 1);
  CHECK(result.proofs.unproven[0].why == "w");
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].message == "there is no rule \"time-wait-reuze\"");
}

}  // namespace advisor::proof_parser_test
