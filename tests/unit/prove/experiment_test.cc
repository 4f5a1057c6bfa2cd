#include "prove/experiment.h"

#include <doctest/doctest.h>

#include <deque>

namespace advisor::experiment_test {
namespace {

class AnyNumber : public expr::Scope {
 public:
  std::optional<expr::Type> type_of(const std::string&) const override { return expr::Type::kInt; }
  std::vector<std::string> names() const override { return {kFigureName, kFigureOf}; }
};

expr::Expression compiled(const std::string& text) {
  return std::get<expr::Expression>(expr::Expression::compile(text, AnyNumber()));
}

Proof proof(ProofClaim claim = ProofClaim::kWorks) {
  Proof made;
  made.id = "p";
  made.rule = "r";
  made.claim = claim;
  made.before = made.rolled_back = compiled("figure >= 5");
  made.applied = claim == ProofClaim::kWorks ? compiled("figure == 0") : made.before;
  if (claim == ProofClaim::kDoesNothing) made.helped = compiled("figure == 0");
  return made;
}

/// A host on which everything is as the proof says, until a test says otherwise.
class FakeBench : public Bench {
 public:
  std::deque<int64_t> figures;
  std::deque<Judgement> judgements{{true, true, true, ""}, {true, false, false, ""}};
  Status rolls_back;
  bool puts_back = true;
  std::vector<std::string> steps;

  Result<ProofFigure> measure() override {
    if (figures.empty()) return Error{ErrorKind::kIo, "no sockets", 0};
    const int64_t figure = figures.front();
    figures.pop_front();
    return ProofFigure{figure, 10};
  }
  Result<Judgement> judge() override {
    const Judgement judgement = judgements.front();
    if (judgements.size() > 1) judgements.pop_front();
    return judgement;
  }
  Result<std::vector<std::string>> apply() override {
    steps.emplace_back("apply");
    return std::vector<std::string>{"net.a: 1 -> 2"};
  }
  Status help() override {
    steps.emplace_back("help");
    return {};
  }
  Status roll_back() override {
    steps.emplace_back("roll back");
    return rolls_back;
  }
  Result<std::map<std::string, std::string>> parameters() override {
    const bool changed = !puts_back && !steps.empty();
    return std::map<std::string, std::string>{{"net.a", changed ? "2" : "1"}};
  }
};

ProofResult run(const Proof& of, FakeBench& bench) {
  return run_experiment(of, bench, [](const char*, const ProofFigure&) {});
}

}  // namespace

TEST_CASE("experiment: a problem that the advice mends, and that comes back, is proven") {
  FakeBench bench;
  bench.figures = {7, 0, 6};

  std::vector<std::string> told;
  const ProofResult result = run_experiment(
      proof(), bench, [&](const char* phase, const ProofFigure&) { told.emplace_back(phase); });

  CHECK(result.verdict == ProofVerdict::kProven);
  CHECK_FALSE(result.why);
  CHECK(result.before == ProofFigure{7, 10});
  CHECK(result.applied == ProofFigure{0, 10});
  CHECK(result.rolled_back == ProofFigure{6, 10});
  CHECK(result.changes == std::vector<std::string>{"net.a: 1 -> 2"});
  CHECK(told == std::vector<std::string>{"before", "applied", "rolled back"});
  CHECK(bench.steps == std::vector<std::string>{"apply", "roll back"});
}

TEST_CASE("experiment: without the problem nothing is changed") {
  FakeBench bench;
  bench.figures = {4};

  const ProofResult result = run(proof(), bench);

  CHECK(result.verdict == ProofVerdict::kNotReproduced);
  CHECK(result.why->find("4 of 10") != std::string::npos);
  CHECK(bench.steps.empty());
}

TEST_CASE("experiment: a rule that does not see the problem is not proven") {
  FakeBench bench;
  bench.figures = {7, 0, 7};
  bench.judgements = {{true, false, false, "it saw nothing"}};

  const ProofResult result = run(proof(), bench);

  CHECK(result.verdict == ProofVerdict::kNotReproduced);
  CHECK(result.why == "rule r did not see it: it saw nothing");
}

TEST_CASE("experiment: a rule that cannot see is no verdict on the advice") {
  const Judgement blind{false, false, false, "no sock_diag"};
  FakeBench before, after;
  before.figures = after.figures = {7, 0, 7};
  before.judgements = {blind};
  after.judgements = {{true, true, true, ""}, blind};

  const ProofResult never_saw = run(proof(), before);
  const ProofResult no_longer_sees = run(proof(), after);

  const char* why = "rule r cannot see here what it goes by: no sock_diag";
  CHECK(never_saw.verdict == ProofVerdict::kCannotRun);
  CHECK(never_saw.why == why);
  CHECK(before.steps.empty());
  CHECK_FALSE(no_longer_sees.verdict);
  CHECK(no_longer_sees.error == why);
}

TEST_CASE("experiment: expectations that hold whatever happens prove nothing") {
  Proof works = proof(), nothing = proof(ProofClaim::kDoesNothing);
  works.before = compiled("figure >= 0");
  nothing.helped = compiled("figure >= 0");
  FakeBench unmoved, unhelped;
  unmoved.figures = {0, 0, 7};
  unhelped.figures = {7, 7, 7, 7};

  CHECK(run(works, unmoved).verdict == ProofVerdict::kNoEffect);
  CHECK(run(nothing, unhelped).verdict == ProofVerdict::kNotReproduced);
}

TEST_CASE("experiment: a rollback that was not made is a failure, one that was refused a verdict") {
  FakeBench refused, failed;
  refused.figures = failed.figures = {7, 0, 7};
  refused.rolls_back = Error{ErrorKind::kRejected, "`rollback` failed: no", 0};
  failed.rolls_back = Error{ErrorKind::kBusy, "cannot fork", 0};

  CHECK(run(proof(), refused).verdict == ProofVerdict::kDoesNotGoBack);
  CHECK_FALSE(run(proof(), failed).verdict);
}

TEST_CASE("experiment: a change that does not help has no effect") {
  FakeBench bench;
  bench.figures = {7, 1, 7};

  CHECK(run(proof(), bench).verdict == ProofVerdict::kNoEffect);
}

TEST_CASE("experiment: nor has one after which the rule still advises something") {
  FakeBench bench;
  bench.figures = {7, 0, 7};
  bench.judgements = {{true, true, true, ""}};

  CHECK(run(proof(), bench).verdict == ProofVerdict::kNoEffect);
}

TEST_CASE("experiment: a rule may still speak if it advises no parameter any more") {
  FakeBench bench;
  bench.figures = {7, 0, 7};
  bench.judgements = {{true, true, true, ""}, {true, true, false, ""}};

  CHECK(run(proof(), bench).verdict == ProofVerdict::kProven);
}

TEST_CASE("experiment: a rule that goes by a rate is given time to fall silent") {
  Proof by_rate = proof();
  by_rate.kept_up = true;
  FakeBench bench;
  bench.figures = {7, 0, 7};
  bench.judgements = {{true, false, false, ""},
                      {true, true, true, ""},
                      {true, true, true, ""},
                      {true, false, false, ""}};

  CHECK(run(by_rate, bench).verdict == ProofVerdict::kProven);
}

TEST_CASE("experiment: what does not come back is told") {
  FakeBench gone, kept, refused;
  gone.figures = kept.figures = refused.figures = {7, 0, 0};
  kept.puts_back = false;
  refused.rolls_back = Error{ErrorKind::kRejected, "not taken back", 0};

  CHECK(run(proof(), gone).verdict == ProofVerdict::kDoesNotGoBack);
  const ProofResult other_value = run(proof(), kept);
  CHECK(other_value.verdict == ProofVerdict::kDoesNotGoBack);
  CHECK(other_value.why == "net.a was not put back to 1");
  CHECK(run(proof(), refused).why == "not taken back");
}

TEST_CASE("experiment: that a change does nothing is proven by what does help") {
  FakeBench bench;
  bench.figures = {7, 7, 0, 7};
  bench.judgements = {{true, false, false, ""}};  // it need not fire

  const ProofResult result = run(proof(ProofClaim::kDoesNothing), bench);

  CHECK(result.verdict == ProofVerdict::kProven);
  CHECK(result.helped == ProofFigure{0, 10});
  CHECK(bench.steps == std::vector<std::string>{"apply", "help", "roll back"});
}

TEST_CASE("experiment: a change that does something disproves that it does nothing") {
  FakeBench bench;
  bench.figures = {7, 0, 0, 7};

  CHECK(run(proof(ProofClaim::kDoesNothing), bench).verdict == ProofVerdict::kNotReproduced);
}

TEST_CASE("experiment: a figure that nothing moves proves nothing") {
  FakeBench bench;
  bench.figures = {7, 7, 7, 7};

  CHECK(run(proof(ProofClaim::kDoesNothing), bench).verdict == ProofVerdict::kNotReproduced);
}

TEST_CASE("experiment: a load that cannot be made is a failure, and no verdict") {
  FakeBench bench;

  const ProofResult result = run(proof(), bench);

  CHECK_FALSE(result.verdict);
  CHECK_FALSE(result.why);
  CHECK(result.error == "no sockets");
}

}  // namespace advisor::experiment_test
