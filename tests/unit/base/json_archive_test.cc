#include "base/json_archive.h"

#include <doctest/doctest.h>

namespace advisor::json_archive_test {

/// One of everything that an archive knows.
struct Everything {
  bool flag = false;
  uint16_t port = 0;
  int64_t count = 0;
  double share = 0;
  std::string text;
  std::vector<int64_t> numbers;
  std::optional<std::string> maybe;
  std::map<std::string, int64_t> by_name;
  Result<std::string> answer = Error{};
};

template <typename Archive>
void json_fields(Archive& archive, Everything& all) {
  archive("flag", all.flag);
  archive("port", all.port);
  archive("count", all.count);
  archive("share", all.share);
  archive("text", all.text);
  archive("numbers", all.numbers);
  archive("maybe", all.maybe);
  archive("by_name", within(all.by_name, -1, 10));
  archive("answer", all.answer);
}

namespace {

/// What is wrong with a document, if anything is.
std::string fault_of(const std::string& text) {
  std::string wrong;
  Everything all;
  const auto json = parse_json(text);
  REQUIRE(json);
  JsonReader(*json, wrong).read(all);
  return wrong;
}

std::string document(const std::string& from, const std::string& to) {
  Everything all{true, 443, 7, 0.5, "x", {1, 2}, std::nullopt, {{"a b", -1}}, std::string("yes")};
  std::string text = JsonWriter::json_of(all).line();
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// What stands in it of the answer.
constexpr const char* kAnswer = R"({"value":"yes","error":null})";

}  // namespace

TEST_CASE("json archive: what was written is read again") {
  const std::string text = document("", "");

  std::string wrong;
  Everything read;
  JsonReader(*parse_json(text), wrong).read(read);

  CHECK(wrong.empty());
  CHECK(JsonWriter::json_of(read).line() == text);
  CHECK(read.port == 443);
  CHECK(read.by_name.at("a b") == -1);
  CHECK(*read.answer == "yes");
}

TEST_CASE("json archive: an error stands beside a value that is null, or in its place") {
  for (const char* answer :
       {R"({"value":null,"error":{"kind":"denied","message":"no","os_error":13}})",
        R"({"error":{"kind":"denied","message":"no","os_error":13}})"}) {
    CAPTURE(answer);
    Everything read;
    std::string wrong;
    JsonReader(*parse_json(document(kAnswer, answer)), wrong).read(read);

    CHECK(wrong.empty());
    REQUIRE_FALSE(read.answer);
    CHECK(read.answer.error().message == "no");
    CHECK(read.answer.error().kind == ErrorKind::kDenied);
  }
}

TEST_CASE("json archive: a value stands beside an error that is null, or by itself") {
  for (const char* answer : {R"({"value":"no","error":null})", R"("no")"}) {
    CAPTURE(answer);
    Everything read;
    std::string wrong;
    JsonReader(*parse_json(document(kAnswer, answer)), wrong).read(read);

    CHECK(wrong.empty());
    CHECK(*read.answer == "no");
  }
}

TEST_CASE("json archive: what is wrong is named with its place") {
  CHECK(fault_of("[]") == "$: the member \"flag\" is missing");
  CHECK(fault_of(document("true", "1")) == "$.flag: must be true or false");
  CHECK(fault_of(document("443", "65536")) == "$.port: must be a whole number from 0 to 65535");
  CHECK(fault_of(document("443", "443.0")) == "$.port: must be a whole number from 0 to 65535");
  CHECK(fault_of(document(":7", ":-7")) ==
        "$.count: must be a whole number from 0 to 1099511627776");
  CHECK(fault_of(document("0.5", "-0.5")) == "$.share: must be a number from 0 to 1099511627776");
  CHECK(fault_of(document("\"x\"", "null")) == "$.text: must be a text");
  CHECK(
      fault_of(document("[1,2]", "[1,\"\"]")).starts_with("$.numbers[1]: must be a whole number"));
  CHECK(fault_of(document("[1,2]", "{}")) == "$.numbers: must be an array");
  CHECK(fault_of(document("null", "3")) == "$.maybe: must be a text");
  CHECK(fault_of(document("-1", "-2")) ==
        "$.by_name[\"a b\"]: must be a whole number from -1 to 10");
  CHECK(fault_of(document("{\"a b\":-1}", "[]")) == "$.by_name: must be an object");
  CHECK(fault_of(document(kAnswer, "{\"error\":{}}")) ==
        "$.answer.error: the member \"kind\" is missing");
  CHECK(fault_of(document(kAnswer, "{\"error\":{\"kind\":\"bad\"}}"))
            .starts_with("$.answer.error.kind: must be the kind of an error"));
  CHECK(fault_of(document(kAnswer, "{\"value\":null,\"error\":null}")) ==
        "$.answer: must have either a value or an error");
  CHECK(fault_of(document("\"yes\"", "7")) == "$.answer.value: must be a text");
}

TEST_CASE("json archive: a member that is not known is named") {
  CHECK(fault_of(document("\"flag\"", "\"flags\":1,\"flag\"")) ==
        "$: there is no member \"flags\"");
  CHECK(fault_of(document("\"flag\"", "\"flags\"")) == "$: the member \"flag\" is missing");
}

}  // namespace advisor::json_archive_test
