#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "load/proof.h"
#include "model/proof_result.h"
#include "render/style.h"

namespace advisor {

/// What a proof showed, for a person.
std::string text_proof(const ProofResult& result, const TextStyle& style);
/// How many ended how, in a line.
std::string text_proof_counts(const std::vector<ProofResult>& results);
Json json_proofs(const std::vector<ProofResult>& results, const std::string& kernel);

/// The proofs that there are, a line each.
std::string text_proof_list(const std::vector<const Proof*>& proofs, const TextStyle& style);
Json json_proof_list(const std::vector<const Proof*>& proofs,
                     const std::vector<Unproven>& unproven);

}  // namespace advisor
