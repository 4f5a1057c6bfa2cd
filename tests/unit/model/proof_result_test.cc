#include "model/proof_result.h"

#include <doctest/doctest.h>

namespace advisor::proof_result_test {

TEST_CASE("proof result: what is written is read back as it was") {
  ProofResult result;
  result.id = "i";
  result.rule = "r";
  result.claim = "works";
  result.says = "It works.";
  result.effect = "at once";
  result.counts = "connections refused";
  result.verdict = ProofVerdict::kDoesNotGoBack;
  result.why = "a \"reason\"";
  result.changes = {"a: 1 -> 2", "b: 3 -> 4"};
  result.before = ProofFigure{3, 5};
  result.helped = ProofFigure{0, 5};
  result.repeated = true;
  result.seconds = 0.5;

  const auto json = parse_json(as_json(result).line());
  REQUIRE(json);
  const auto again = read_proof_result(*json);

  REQUIRE(again);
  CHECK(*again == result);
}

TEST_CASE("proof result: what is none is told") {
  CHECK_FALSE(read_proof_result(Json::Object{}));
  CHECK_FALSE(read_proof_result(Json("proven")));
  CHECK_FALSE(read_proof_result(Json::Object{{"verdict", "so so"}}));
}

}  // namespace advisor::proof_result_test
