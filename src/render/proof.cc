#include "render/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace advisor {
namespace {

constexpr std::array kVerdicts{ProofVerdict::kProven, ProofVerdict::kNotReproduced,
                               ProofVerdict::kNoEffect, ProofVerdict::kDoesNotGoBack,
                               ProofVerdict::kCannotRun};

/// What stands where a proof has no verdict.
constexpr const char* kFailed = "failed";

std::string verdict_words(const ProofResult& result, const TextStyle& style) {
  const bool proven = result.verdict == ProofVerdict::kProven;
  const bool untold = result.verdict == ProofVerdict::kCannotRun;
  std::string words = result.verdict ? name_of(*result.verdict) : kFailed;
  std::ranges::transform(words, words.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return painted(words, proven ? "32" : untold ? "36" : "31", style);
}

std::string phase_text(const char* phase, const std::optional<ProofFigure>& figure,
                       const ProofResult& result, const TextStyle& style) {
  if (!figure) return "";
  return labelled(phase, fmt::format("{} of {} {}", figure->count, figure->of, result.counts),
                  style);
}

}  // namespace

std::string text_proof(const ProofResult& result, const TextStyle& style) {
  std::string text =
      fmt::format("{}  {}\n", verdict_words(result, style), painted(result.id, "1", style));
  text += wrapped(result.says, style.width, "  ");
  if (result.why) text += labelled("Why", *result.why, style);
  if (result.error) text += labelled("Error", *result.error, style);
  text += phase_text("Before", result.before, result, style);
  for (const std::string& change : result.changes) text += labelled("Change", change, style);
  text += phase_text("Applied", result.applied, result, style);
  text += phase_text("Helped", result.helped, result, style);
  text += phase_text("Back", result.rolled_back, result, style);
  if (result.before) text += labelled("Effect", result.effect, style);
  if (result.repeated) {
    text += labelled(
        "Note", "This is the second attempt: the first failed, or did not reproduce it.", style);
  }
  return text;
}

std::string text_proof_counts(const std::vector<ProofResult>& results) {
  std::string text = counted(int64_t(results.size()), "proof") + ":";
  const char* separator = " ";
  for (const ProofVerdict verdict : kVerdicts) {
    const auto count = std::ranges::count(results, std::optional(verdict), &ProofResult::verdict);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", separator, count, name_of(verdict));
    separator = ", ";
  }
  const auto failures =
      std::ranges::count(results, std::optional<ProofVerdict>(), &ProofResult::verdict);
  if (failures > 0) text += fmt::format("{}{} {}", separator, failures, kFailed);
  return text + "\n";
}

Json json_proofs(const std::vector<ProofResult>& results, const std::string& kernel) {
  return Json::Object{{"schema", "sysctl-advisor/prove/1"},
                      {"kernel", kernel},
                      {"proofs", Json::each(results, as_json)}};
}

std::string text_proof_list(const std::vector<const Proof*>& proofs, const TextStyle& style) {
  std::string text;
  for (const Proof* proof : proofs) {
    text += painted(proof->id, "1", style) + "\n" + wrapped(proof->says, style.width, "  ");
    text += labelled("Rule", proof->rule, style);
    text += labelled("Claim", name_of(proof->claim), style);
  }
  return text;
}

Json json_proof_list(const std::vector<const Proof*>& proofs,
                     const std::vector<Unproven>& unproven) {
  return Json::Object{
      {"schema", "sysctl-advisor/proofs/1"},
      {"proofs", Json::each(proofs,
                            [](const Proof* proof) -> Json {
                              return Json::Object{{"id", proof->id},
                                                  {"rule", proof->rule},
                                                  {"claim", name_of(proof->claim)},
                                                  {"says", proof->says},
                                                  {"effect", proof->effect},
                                                  {"place", name_of(proof->place)},
                                                  {"counts", name_of(proof->measure)}};
                            })},
      {"unproven", Json::each(unproven, [](const Unproven& those) -> Json {
         return Json::Object{{"rules", Json::array_of(those.rules)}, {"why", those.why}};
       })}};
}

}  // namespace advisor
