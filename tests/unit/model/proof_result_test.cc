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

  ProofNews news;
  news.result = result;
  const auto json = parse_json(json_proof_news(news).line());
  REQUIRE(json);
  const auto again = read_proof_news(*json);

  REQUIRE(again);
  CHECK(again->result == result);
  CHECK_FALSE(again->phase);
  CHECK_FALSE(again->error);
}

TEST_CASE("proof result: that there is none is told with the reason") {
  ProofNews news;
  news.error = Error{ErrorKind::kDenied, "no namespaces", 1};

  const auto again = read_proof_news(*parse_json(json_proof_news(news).line()));

  REQUIRE(again);
  CHECK(again->error == news.error);
  CHECK_FALSE(again->result);
}

TEST_CASE("proof result: what is none is told") {
  ProofNews news;
  news.result = ProofResult();
  const std::string whole = json_proof_news(news).line();
  const auto said_of = [](const std::string& text) {
    const auto read = read_proof_news(*parse_json(text));
    return read ? "" : read.error().message;
  };
  const auto changed = [&](const std::string& from, const std::string& to) {
    return std::string(whole).replace(whole.find(from), from.size(), to);
  };

  CHECK(said_of(whole).empty());
  CHECK(said_of("{}").find("it says nothing") != std::string::npos);
  CHECK_FALSE(said_of("\"proven\"").empty());
  CHECK(said_of(changed("\"verdict\":null", "\"verdict\":\"so so\""))
            .find("$.result.verdict: must be a verdict of a proof") != std::string::npos);
  CHECK(said_of(changed("\"says\":\"\",", "")).find("\"says\" is missing") != std::string::npos);
}

}  // namespace advisor::proof_result_test
