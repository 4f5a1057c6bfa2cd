#include "base/json.h"

#include <doctest/doctest.h>

#include <limits>

namespace advisor::json_test {

TEST_CASE("json: what is written can be read, with its members in order") {
  const Json json = Json::Object{{"z", "text \"quoted\"\n\t\x01"},
                                 {"a", int64_t{-9007199254740993}},
                                 {"real", 0.5},
                                 {"yes", true},
                                 {"none", nullptr},
                                 {"list", Json::array_of({"x", ""})},
                                 {"empty list", Json::Array{}},
                                 {"empty object", Json::Object{}}};

  const auto read = parse_json(json.dump());

  REQUIRE(read);
  CHECK(*read == json);
}

TEST_CASE("json: a document ends with one line end") {
  const std::string text = Json(Json::Object{{"a", 1}}).dump();

  CHECK(text == "{\n  \"a\": 1\n}\n");
}

TEST_CASE("json: a value can be written for the place where it stands in a document") {
  const Json item = Json::Object{{"a", Json::Array{1, Json::Object{}}}};
  const std::string around = Json(Json::Object{{"items", Json::Array{nullptr, nullptr}}}).dump();
  const std::string expected = Json(Json::Object{{"items", Json::Array{item, item}}}).dump();

  std::string text = around;
  for (int i = 0; i < 2; ++i) text.replace(text.find("null"), 4, item.dump_inside(4));

  CHECK(text == expected);
}

TEST_CASE("json: bytes that are not UTF-8 do not spoil the document") {
  const std::string text = Json(std::string("a\xff\xc3")).dump();

  const auto read = parse_json(text);

  REQUIRE(read);
  CHECK(read->as<std::string>()->starts_with("a"));
}

TEST_CASE("json: no character that steers a terminal stands in a document") {
  const std::string steering = "\033[2J \x7f \u009b \u202e";

  Json::Object object;
  object.emplace_back(steering, steering);
  const std::string document = Json(object).line();

  const std::string escaped = R"("\u001b[2J \u007f \u009b \u202e")";
  CHECK(document == "{" + escaped + ":" + escaped + "}\n");
  CHECK(parse_json(document)->find(steering)->as<std::string>()->compare(steering) == 0);
}

TEST_CASE("json: a character that is not plain is found wherever it stands") {
  for (size_t length = 1; length < 26; ++length) {
    for (size_t at = 0; at < length; ++at) {
      for (const auto& [character, written] :
           {std::pair("\"", R"(\")"), std::pair("\\", R"(\\)"), std::pair("\n", R"(\n)"),
            std::pair("\x1f", R"(\u001f)"), std::pair("\x7f", R"(\u007f)"),
            std::pair("\u00e9", "\u00e9"), std::pair("\xff", "\ufffd")}) {
        const std::string before(at, '~'), behind(length - at - 1, ' ');
        CHECK(Json(before + character + behind).line() ==
              "\"" + before + written + behind + "\"\n");
      }
    }
  }
}

TEST_CASE("json: what is not exactly one value is corrupt") {
  for (const char* text : {"", "{", "{} {}", "[1,]", "{'a':1}", "nul", "\"\xff\"", "{\"a\":1}x"}) {
    CAPTURE(std::string(text));
    const auto read = parse_json(text);

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kCorrupt);
  }
}

TEST_CASE("json: what is nested too deeply is corrupt, and does not exhaust the stack") {
  const auto open = parse_json(std::string(100'000, '['));
  const auto closed = parse_json(std::string(1000, '[') + std::string(1000, ']'));

  REQUIRE_FALSE(open);
  CHECK(open.error().kind == ErrorKind::kCorrupt);
  CHECK_FALSE(closed);
}

TEST_CASE("json: what is wrong is told with its place") {
  CHECK(parse_json("{\n  \"a\": 1,\n  \"b\" 2}").error().message ==
        "not a JSON document (line 3, column 7)");
  CHECK(parse_json("").error().message == "not a JSON document: it is empty (line 1, column 1)");
}

TEST_CASE("json: a file that is damaged is named as compilers name one, and one that was cut so") {
  CHECK(parse_json("{\n  \"a\": 1,\n  \"b\" 2}", "a.json").error().message ==
        "a.json:3:7: not a JSON document");
  CHECK(parse_json("{\"a\": [1, 2", "a.json").error().message ==
        "a.json:1:11: not a JSON document: it ends before it is complete");
  CHECK(parse_json("{\"a\": 1} ,", "a.json").error().message == "a.json:1:10: not a JSON document");
  CHECK(parse_json("", "a.json").error().message == "a.json:1:1: not a JSON document: it is empty");
  CHECK(parse_json(std::string(100, '['), "a.json").error().message == "a.json: nested too deeply");
}

TEST_CASE("json: a member that is there twice is corrupt, since readers differ in which counts") {
  const auto read = parse_json(R"({"a": {"b": 1, "c": 2, "b": 3}})");

  REQUIRE_FALSE(read);
  CHECK(read.error().message == "the member \"b\" is there twice");
}

TEST_CASE("json: an object of many members is read in little time") {
  Json::Object members;
  for (int i = 0; i < 50'000; ++i) members.emplace_back("member " + std::to_string(i), i);
  const Json json(members);

  const auto read = parse_json(json.line());

  REQUIRE(read);
  CHECK(*read == json);
}

TEST_CASE("json: a document for those who read line by line is one line") {
  const Json json = Json::Object{{"a", Json::Array{1, "x\ny"}}};

  CHECK(json.line() == "{\"a\":[1,\"x\\ny\"]}\n");
}

TEST_CASE("json: a number too large for us is not read as another number") {
  const auto read = parse_json("18446744073709551615");

  const auto* number = read ? read->as<int64_t>() : nullptr;
  CHECK(number == nullptr);
}

TEST_CASE("json: a member is found by its key, and only in an object") {
  const Json json = Json(Json::Object{{"a", "x"}, {"b", 1}}).with("c", Json::Array{});

  REQUIRE(json.find("c"));
  CHECK(json.find("c")->as<Json::Array>() != nullptr);
  CHECK(json.find("d") == nullptr);
  CHECK(Json(1).find("a") == nullptr);
  CHECK(json.text_at("a") == "x");
  CHECK(json.text_at("b").empty());
  CHECK(json.text_at("d").empty());
}

}  // namespace advisor::json_test
