#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/proving_bench.h"
#include "os/host_identity.h"
#include "os/proving_ground.h"
#include "render/proof.h"

namespace advisor {
namespace {

constexpr size_t kMostProofs = 1000;
/// No proof is made for longer.
constexpr std::chrono::seconds kLongestProof{60};

using Chosen = std::vector<const Proof*>;

/// Why no proof is called so, and nothing is proven of a rule of that name.
Diagnostic not_found(const std::string& word, const Proofs& proofs, const ProvableRules& rules) {
  Diagnostic fault;
  if (rules.ids.contains(word)) {
    fault.message = "rule " + word + " has no proof";
    fault.hint = "nobody has written one yet; `sysctl-advisor prove --list` shows those there are";
    for (const Unproven& those : proofs.unproven) {
      if (std::ranges::find(those.rules, word) != those.rules.end()) fault.hint = those.why;
    }
    return fault;
  }
  std::vector<std::string> names(rules.ids.begin(), rules.ids.end());
  for (const Proof& proof : proofs.proofs) names.push_back(proof.id);
  fault.message = "no proof, and no rule that has one, is called " + word;
  fault.hint = did_you_mean(word, names);
  return fault;
}

/// Those that the words name by themselves or by their rules; all if there are no words.
Chosen chosen_by(const std::vector<std::string>& words, const Proofs& proofs,
                 const ProvableRules& rules, Diagnostics& diagnostics) {
  Chosen chosen;
  const auto named_by = [](const std::string& word, const Proof& proof) {
    return matches_glob(word, proof.id) || matches_glob(word, proof.rule);
  };
  for (const Proof& proof : proofs.proofs) {
    const bool wanted = words.empty() || std::ranges::any_of(words, [&](const std::string& word) {
                          return named_by(word, proof);
                        });
    if (wanted) chosen.push_back(&proof);
  }
  for (const std::string& word : words) {
    const bool names_one = std::ranges::any_of(
        proofs.proofs, [&](const Proof& proof) { return named_by(word, proof); });
    if (!names_one) diagnostics.push_back(not_found(word, proofs, rules));
  }
  return chosen;
}

/// What a ground says, until it says how the proof ended.
class Attempted {
 public:
  Attempted(Context& context, const Proof& proof, ProgressLine& progress)
      : context_(context), proof_(proof), progress_(progress) {}

  ProofResult in_ground(GroundKind kind, const std::map<std::string, std::string>& profiles) const {
    const Clock& clock = context_.clock();
    progress_.show(proof_.id);
    auto ground = ProvingGround::open(kind, [&](const Status& ready, int answers) {
      prove_in_ground(proof_, context_.catalogue(), profiles, ready, answers);
    });
    if (!ground) return cannot_run(proof_, ground.error().message);
    const auto until = clock.since_boot() + kLongestProof;
    for (;;) {
      const auto line = ground->next_line(clock, until);
      if (!line) return failed(line.error().message);
      if (!*line) return failed("the process that made it ended without a result");
      const auto json = parse_json(**line);
      if (!json) return failed(json.error().message);
      if (!json->find("phase")) {
        auto result = read_proof_result(*json);
        return result ? *std::move(result) : failed(result.error().message);
      }
      progress_.show(fmt::format("{}: {}", proof_.id, json->text_at("phase")));
    }
  }

 private:
  ProofResult failed(const std::string& why) const {
    ProofResult result = cannot_run(proof_, why);
    result.verdict = ProofVerdict::kNotReproduced;
    return result;
  }

  Context& context_;
  const Proof& proof_;
  ProgressLine& progress_;
};

/// Some kernels hide parameters in user namespaces, from root too: then root does without one.
ProofResult attempt(Context& context, const Proof& proof, ProgressLine& progress,
                    const std::map<std::string, std::string>& profiles) {
  const Attempted attempted(context, proof, progress);
  ProofResult result = attempted.in_ground(GroundKind::kUserNamespace, profiles);
  if (result.verdict == ProofVerdict::kCannotRun && is_root()) {
    result = attempted.in_ground(GroundKind::kRoot, profiles);
  }
  return result;
}

/// Once more if it was not reproduced: what else goes on here may have come between.
ProofResult prove(Context& context, const Proof& proof, ProgressLine& progress,
                  const std::map<std::string, std::string>& profiles) {
  const double begun = context.clock().monotonic_seconds();
  ProofResult result = attempt(context, proof, progress, profiles);
  if (result.verdict == ProofVerdict::kNotReproduced) {
    result = attempt(context, proof, progress, profiles);
    result.repeated = true;
  }
  result.seconds = context.clock().monotonic_seconds() - begun;
  return result;
}

ExitStatus status_of(const std::vector<ProofResult>& results) {
  const bool all_hold = std::ranges::all_of(results, [](const ProofResult& result) {
    return result.verdict == ProofVerdict::kProven || result.verdict == ProofVerdict::kCannotRun;
  });
  return all_hold ? ExitStatus::kNothing : ExitStatus::kSomething;
}

std::string kernel_release(Context& context) {
  const auto release = context.tree().read(*ParameterName::parse("kernel.osrelease"));
  return release ? release->text() : "";
}

ExitStatus prove_all(Context& context, const Chosen& chosen) {
  const bool is_json = context.request().format == Format::kJson;
  const std::map<std::string, std::string> profiles = context.profiles().laid_down();
  ProgressLine progress(context.request());
  std::vector<ProofResult> results;
  for (const Proof* proof : chosen) {
    results.push_back(prove(context, *proof, progress, profiles));
    progress.wipe();
    if (is_json || context.request().quiet) continue;
    const std::string text = text_proof(results.back(), context.style()) + "\n";
    const ExitStatus written = print_document(text, ExitStatus::kNothing);
    if (written != ExitStatus::kNothing) return written;
  }
  const ExitStatus status = status_of(results);
  if (is_json) return print_json(json_proofs(results, kernel_release(context)), status);
  if (context.request().quiet) return status;
  return print_document(text_proof_counts(results), status);
}

ExitStatus run_prove(Context& context) {
  const Request& request = context.request();
  Diagnostics diagnostics;
  ProvableRules rules;
  const Proofs proofs = context.profiles().proofs(context.parameters(), rules, diagnostics);
  const Chosen chosen = chosen_by(request.arguments, proofs, rules, diagnostics);
  const bool faulty = has_errors(diagnostics);
  show(std::move(diagnostics));
  if (faulty) return ExitStatus::kTrouble;
  if (!request.list) return prove_all(context, chosen);
  if (request.format == Format::kJson) {
    return print_json(json_proof_list(chosen, proofs.unproven), ExitStatus::kNothing);
  }
  return print(text_proof_list(chosen, context.style()), ExitStatus::kNothing);
}

}  // namespace

const Command kProveCommand{
    .name = "prove",
    .summary = "watch the advice work on this kernel, in a place of its own",
    .example = "sysctl-advisor prove time-wait-reuse",
    .flags = "--list --all --format",
    .formats = "text,json",
    .arguments = "GLOB...",
    .most_arguments = kMostProofs,
    .run = run_prove,
};

}  // namespace advisor
