#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/proving_bench.h"
#include "os/host_identity.h"
#include "os/interruptible_wait.h"
#include "os/proving_ground.h"
#include "prove/pools.h"
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

/// Makes a proof in a ground of a kind, and listens to what is told of it.
class Attempts {
 public:
  Attempts(Context& context, ProgressLine& progress)
      : context_(context), progress_(progress), profiles_(context.profiles().laid_down()) {}

  /// An Error if there is no result.
  Result<ProofResult> in_ground(GroundKind kind, const Proof& proof) const {
    const Clock& clock = context_.clock();
    progress_.show(proof.id);
    auto ground = ProvingGround::open(kind, [&](const Status& ready, int answers) {
      prove_in_ground(proof, context_.catalogue(), profiles_, ready, answers);
    });
    if (!ground) return ground.error();
    const auto until = clock.since_boot() + kLongestProof;
    for (;;) {
      const auto line = ground->next_line(clock, until);
      if (!line) return line.error();
      if (!*line) {
        return Error{ErrorKind::kIo, "the process that made it ended without a result", 0};
      }
      const auto json = parse_json(**line);
      if (!json) return json.error();
      auto news = read_proof_news(*json);
      if (!news) return news.error();
      if (news->error) return *std::move(news->error);
      if (news->result) return *std::move(news->result);
      progress_.show(fmt::format("{}: {}", proof.id, *news->phase));
    }
  }

 private:
  Context& context_;
  ProgressLine& progress_;
  std::map<std::string, std::string> profiles_;
};

/// Root does without a user namespace where none can be made, or where this kernel hides parameters
/// in one.
bool needs_root(const Error& error) {
  return error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kNotFound;
}

ProofResult attempt(Context& context, const Proof& proof, const Attempts& attempts) {
  if (const Status fits = fits_pools(proof, context.tree()); !fits) {
    return cannot_run(proof, fits.error().message);
  }
  auto result = attempts.in_ground(GroundKind::kUserNamespace, proof);
  if (!result && is_root() && needs_root(result.error())) {
    const std::string why = result.error().message;
    result = attempts.in_ground(GroundKind::kRoot, proof);
    if (!result) {
      Error both = result.error();
      both.message = why + "; and as root, without a user namespace: " + both.message;
      result = both;
    }
  }
  if (result) return *std::move(result);
  return is_refusal(result.error()) ? cannot_run(proof, result.error().message)
                                    : failed(proof, result.error().message);
}

/// Once more if it was not reproduced, or failed: what else goes on here may have come between.
ProofResult prove(Context& context, const Proof& proof, const Attempts& attempts) {
  const double begun = context.clock().monotonic_seconds();
  ProofResult result = attempt(context, proof, attempts);
  if (!result.verdict || result.verdict == ProofVerdict::kNotReproduced) {
    result = attempt(context, proof, attempts);
    result.repeated = true;
  }
  result.seconds = context.clock().monotonic_seconds() - begun;
  return result;
}

ExitStatus status_of(const std::vector<ProofResult>& results) {
  ExitStatus status = ExitStatus::kNothing;
  for (const ProofResult& result : results) {
    if (!result.verdict) return ExitStatus::kTrouble;
    const bool holds =
        result.verdict == ProofVerdict::kProven || result.verdict == ProofVerdict::kCannotRun;
    if (!holds) status = ExitStatus::kSomething;
  }
  return status;
}

std::string kernel_release(Context& context) {
  const auto release = context.tree().read(*ParameterName::parse("kernel.osrelease"));
  return release ? release->text() : "";
}

ExitStatus prove_all(Context& context, const Chosen& chosen) {
  const bool is_json = context.request().format == Format::kJson;
  ProgressLine progress(context.request());
  const Attempts attempts(context, progress);
  std::vector<ProofResult> results;
  for (const Proof* proof : chosen) {
    results.push_back(prove(context, *proof, attempts));
    progress.wipe();
    if (is_json || context.request().quiet) continue;
    const std::string text = text_proof(results.back(), context.style()) + "\n";
    const ExitStatus written = print_document(text, ExitStatus::kNothing);
    if (written != ExitStatus::kNothing || stdout_reader_is_gone()) return written;
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
  Chosen chosen;
  // Of files that are wrong not all proofs are known.
  if (!has_errors(diagnostics)) chosen = chosen_by(request.arguments, proofs, rules, diagnostics);
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
