#include "model/proof_result.h"

#include <algorithm>
#include <array>

#include "base/json_archive.h"

namespace advisor {
namespace {

constexpr std::array kVerdictNames{"proven", "not reproduced", "no effect", "does not go back",
                                   "cannot run here"};
static_assert(kVerdictNames.size() == size_t(ProofVerdict::kCannotRun) + 1);

std::optional<ProofVerdict> verdict_called(const std::string& word) {
  const auto* const named =
      std::ranges::find_if(kVerdictNames, [&](const char* name) { return word == name; });
  if (named == kVerdictNames.end()) return std::nullopt;
  return ProofVerdict(named - kVerdictNames.begin());
}

}  // namespace

const char* name_of(ProofVerdict verdict) {
  return kVerdictNames[size_t(verdict)];
}

// Found beside the types that they are about (base/json_archive.h).

static void json_fields(JsonWriter& writer, ProofVerdict& verdict) {
  writer.set(name_of(verdict));
}

static void json_fields(JsonReader& reader, ProofVerdict& verdict) {
  const auto named = reader.word(verdict_called, "a verdict of a proof");
  if (named) verdict = *named;
}

template <typename Archive>
static void json_fields(Archive& archive, ProofFigure& figure) {
  archive("count", figure.count);
  archive("of", figure.of);
}

template <typename Archive>
static void json_fields(Archive& archive, ProofResult& result) {
  archive("id", result.id);
  archive("rule", result.rule);
  archive("claim", result.claim);
  archive("says", result.says);
  archive("effect", result.effect);
  archive("verdict", result.verdict);
  archive("why", result.why);
  archive("error", result.error);
  archive("counts", result.counts);
  archive("before", result.before);
  archive("applied", result.applied);
  archive("helped", result.helped);
  archive("rolled_back", result.rolled_back);
  archive("changes", result.changes);
  archive("repeated", result.repeated);
  archive("seconds", result.seconds);
}

template <typename Archive>
static void json_fields(Archive& archive, ProofNews& news) {
  archive("phase", news.phase);
  archive("error", news.error);
  archive("result", news.result);
}

Json as_json(const ProofResult& result) {
  ProofResult written = result;
  return JsonWriter::json_of(written);
}

Json json_proof_news(const ProofNews& news) {
  ProofNews written = news;
  return JsonWriter::json_of(written);
}

Result<ProofNews> read_proof_news(const Json& json) {
  std::string wrong;
  ProofNews news;
  JsonReader(json, wrong).read(news);
  if (wrong.empty() && !news.phase && !news.error && !news.result) wrong = "it says nothing";
  if (wrong.empty()) return news;
  return Error{ErrorKind::kCorrupt, "this is no news of a proof: " + wrong, 0};
}

}  // namespace advisor
