#include "prove/experiment.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {
namespace {

/// The figure of a phase, as an expectation asks for it.
class FigureBindings : public expr::Bindings {
 public:
  explicit FigureBindings(const ProofFigure& figure) : figure_(figure) {}
  expr::Value value_of(std::string_view name) const override {
    return name == kFigureName ? figure_.count : figure_.of;
  }

 private:
  const ProofFigure& figure_;
};

bool holds(const expr::Expression& expected, const ProofFigure& figure) {
  return expected.value(FigureBindings(figure)) == expr::Value(true);
}

std::string in_words(const ProofFigure& figure, const Proof& proof) {
  return fmt::format("{} of {} {}", figure.count, figure.of, name_of(proof.measure));
}

/// One experiment while it is made. Each step is true if the next one may follow; else the verdict
/// and its reason stand in the result.
class Experiment {
 public:
  Experiment(const Proof& proof, Bench& bench, const PhaseTold& told)
      : proof_(proof), bench_(bench), told_(told), result_(result_of(proof)) {}

  ProofResult run() {
    if (make_problem() && change() && help() && take_back())
      result_.verdict = ProofVerdict::kProven;
    return std::move(result_);
  }

 private:
  bool works() const { return proof_.claim == ProofClaim::kWorks; }

  bool end(ProofVerdict verdict, std::string why) {
    result_.verdict = verdict;
    result_.why = std::move(why);
    return false;
  }

  /// The experiment itself did not come off, which is no verdict on the advice.
  bool end(const Error& error) {
    result_.error = error.message;
    return false;
  }

  /// Counts a phase; false if that failed.
  bool count(const char* phase, std::optional<ProofFigure>& into) {
    const auto figure = bench_.measure();
    if (!figure) return end(figure.error());
    into = *figure;
    told_(phase, *figure);
    return true;
  }

  /// Whether the rule fires, or no longer asks for a change if that is wanted; else the verdict for
  /// that. What goes by a rate sees the load of the last seconds, and so is asked more than once.
  bool is_judged(bool wanted, ProofVerdict otherwise, const std::string& why) {
    constexpr int kMostLooks = 25;
    for (int looks = proof_.kept_up ? kMostLooks : 1;; --looks) {
      const auto judged = bench_.judge();
      if (!judged) return end(judged.error());
      const bool asks = judged->fires && (judged->advises || proof_.program_helps);
      if (judged->known && (wanted ? judged->fires : !asks)) return true;
      if (looks > 1) continue;
      const std::string seen = judged->why.empty() ? "" : ": " + judged->why;
      if (judged->known) return end(otherwise, fmt::format("rule {} {}{}", proof_.rule, why, seen));
      const std::string blind = "rule " + proof_.rule + " cannot see here what it goes by" + seen;
      // After the change that is a failure: before it could see.
      return wanted ? end(ProofVerdict::kCannotRun, blind) : end(Error{ErrorKind::kIo, blind, 0});
    }
  }

  bool make_problem() {
    if (!count("before", result_.before)) return false;
    if (!holds(proof_.before, *result_.before)) {
      return end(ProofVerdict::kNotReproduced,
                 fmt::format("the problem did not come about: {}, where {} is expected",
                             in_words(*result_.before, proof_), proof_.before.text().view()));
    }
    if (!works()) return true;
    return is_judged(true, ProofVerdict::kNotReproduced, "did not see it");
  }

  bool change() {
    const auto standing = bench_.parameters();
    if (!standing) return end(standing.error());
    standing_ = *standing;
    const auto changes = bench_.apply();
    if (!changes) return end(changes.error());
    result_.changes = *changes;
    if (!count("applied", result_.applied)) return false;
    const bool expected = holds(proof_.applied, *result_.applied);
    if (!works()) {
      if (expected) return true;
      return end(ProofVerdict::kNotReproduced,
                 "the change that is said to do nothing did something: " +
                     in_words(*result_.applied, proof_));
    }
    if (!expected) {
      return end(ProofVerdict::kNoEffect,
                 fmt::format("after the change there were {}, where {} is expected",
                             in_words(*result_.applied, proof_), proof_.applied.text().view()));
    }
    if (holds(proof_.before, *result_.applied)) {
      return end(ProofVerdict::kNoEffect,
                 "what is expected before the change is there after it as well: " +
                     in_words(*result_.applied, proof_));
    }
    return is_judged(false, ProofVerdict::kNoEffect, "still asks for a change");
  }

  bool help() {
    if (works()) return true;
    if (const Status helped = bench_.help(); !helped) return end(helped.error());
    if (!count("helped", result_.helped)) return false;
    const bool helped = holds(*proof_.helped, *result_.helped);
    if (helped && !holds(proof_.applied, *result_.helped)) return true;
    return end(ProofVerdict::kNotReproduced,
               "what does help did not help, so that the figures show nothing: " +
                   in_words(*result_.helped, proof_));
  }

  bool take_back() {
    if (const Status back = bench_.roll_back(); !back) {
      const bool refused = back.error().kind == ErrorKind::kRejected;
      return refused ? end(ProofVerdict::kDoesNotGoBack, back.error().message) : end(back.error());
    }
    const auto standing = bench_.parameters();
    if (!standing) return end(standing.error());
    for (const auto& [name, value] : standing_) {
      const auto now = standing->find(name);
      if (now != standing->end() && now->second == value) continue;
      return end(ProofVerdict::kDoesNotGoBack,
                 fmt::format("{} was not put back to {}", name, value));
    }
    if (!count("rolled back", result_.rolled_back)) return false;
    if (holds(proof_.rolled_back, *result_.rolled_back)) return true;
    return end(
        ProofVerdict::kDoesNotGoBack,
        fmt::format("the problem did not come back: {}, where {} is expected",
                    in_words(*result_.rolled_back, proof_), proof_.rolled_back.text().view()));
  }

  const Proof& proof_;
  Bench& bench_;
  const PhaseTold& told_;
  ProofResult result_;
  std::map<std::string, std::string> standing_;  ///< before the change
};

}  // namespace

ProofResult result_of(const Proof& proof) {
  ProofResult result;
  result.id = proof.id;
  result.rule = proof.rule;
  result.claim = name_of(proof.claim);
  result.says = proof.says;
  result.effect = proof.effect;
  result.counts = name_of(proof.measure);
  return result;
}

ProofResult cannot_run(const Proof& proof, const std::string& why) {
  ProofResult result = result_of(proof);
  result.verdict = ProofVerdict::kCannotRun;
  result.why = why;
  return result;
}

ProofResult failed(const Proof& proof, const std::string& error) {
  ProofResult result = result_of(proof);
  result.error = error;
  return result;
}

ProofResult run_experiment(const Proof& proof, Bench& bench, const PhaseTold& told) {
  return Experiment(proof, bench, told).run();
}

}  // namespace advisor
