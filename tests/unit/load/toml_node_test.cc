#include "load/toml_node.h"

#include <doctest/doctest.h>

namespace advisor::toml_node_test {
namespace {

TomlNode root_of(const SourceText& source) {
  auto parsed = parse_toml(source);
  REQUIRE(std::holds_alternative<TomlNode>(parsed));
  return std::get<TomlNode>(std::move(parsed));
}

/// The value behind the only key of the document.
TomlNode only_value(const SourceText& source) {
  return root_of(source).as<TomlTable>()->at(0).value;
}

/// "line:column" of the first byte of `part` in the string that is the only value of the document.
std::string place_of(const std::string& document, const std::string& part) {
  const SourceText source{"a.toml", document};
  const TomlNode node = only_value(source);
  const SourceLocation where = location_within(node, node.as<std::string>()->find(part), source);
  return std::to_string(where.line) + ":" + std::to_string(where.column);
}

}  // namespace

TEST_CASE("toml: every value knows its kind and its place") {
  const SourceText source{"a.toml", "b = true\ni = 0x10\nr = 0.5\nl = [1, \"x\"]\n[t]\nk = 'v'\n"};

  const TomlTable table = *root_of(source).as<TomlTable>();

  REQUIRE(table.size() == 5);
  CHECK(table[0].key == "b");
  CHECK(std::string(table[0].value.kind()) == "true or false");
  CHECK(*table[1].value.as<int64_t>() == 16);
  CHECK(std::string(table[2].value.kind()) == "a list");
  CHECK(table[2].value.as<TomlArray>()->at(1).where == SourceLocation{"a.toml", 4, 9});
  CHECK(*table[3].value.as<double>() == 0.5);
  CHECK(table[4].key == "t");
  CHECK(table[4].value.as<TomlTable>()->at(0).key_where == SourceLocation{"a.toml", 6, 1});
}

TEST_CASE("toml: what is no TOML is one diagnostic, with its line") {
  const auto parsed = parse_toml({"a.toml", "a = 1\nb = = 2\n"});

  const auto* diagnostic = std::get_if<Diagnostic>(&parsed);
  REQUIRE(diagnostic);
  CHECK(diagnostic->where.file == "a.toml");
  CHECK(diagnostic->where.line == 2);
  CHECK(diagnostic->source_line == "b = = 2");
  CHECK_FALSE(diagnostic->message.empty());
}

TEST_CASE("toml: what is missing at the end is missed at the end") {
  const auto parsed = parse_toml({"a.toml", "a = 1\nb = [1"});

  const auto* diagnostic = std::get_if<Diagnostic>(&parsed);
  REQUIRE(diagnostic);
  CHECK(to_text(diagnostic->where) == "a.toml:2:7");
}

TEST_CASE("toml: dates are refused where they stand") {
  const auto parsed = parse_toml({"a.toml", "a = 1\nb = [2026-11-22]\n"});

  const auto* diagnostic = std::get_if<Diagnostic>(&parsed);
  REQUIRE(diagnostic);
  CHECK(to_text(diagnostic->where) == "a.toml:2:6");
}

TEST_CASE("toml: what is nested too deeply is refused") {
  std::string dotted = "a";
  for (int i = 0; i < 5000; ++i) dotted += ".a";

  const auto parsed = parse_toml({"a.toml", dotted + " = 1\n"});

  CHECK(std::holds_alternative<Diagnostic>(parsed));
}

TEST_CASE("toml: no bytes crash the parser") {
  for (const std::string& text :
       {std::string("\xff\xfe"), std::string("a = \"\x01\""), std::string("\0", 1),
        std::string(5000, '['), "a = " + std::string(5000, '['), std::string("a.b.c = {"),
        std::string("[a]\n[a]\n"), std::string("a = 99999999999999999999")}) {
    const auto parsed = parse_toml({"a.toml", text});

    CHECK(std::holds_alternative<Diagnostic>(parsed));
  }
}

TEST_CASE("toml: a byte of a string is found behind its quote") {
  CHECK(place_of("when = 'ports.usable > x'", "x") == "1:24");
  CHECK(place_of("when = \"abc x\"", "x") == "1:13");
}

TEST_CASE("toml: escapes before a byte are counted as they are written") {
  CHECK(place_of(R"(when = "a == \"b\" x")", "x") == "1:20");
  CHECK(place_of(R"(when = "\t\\x")", "x") == "1:13");
  CHECK(place_of(R"(when = 'a\nx')", "x") == "1:12");
}

TEST_CASE("toml: a character written as \\u is counted as it is written") {
  CHECK(place_of(R"(when = "\u0041x")", "x") == "1:15");
}

TEST_CASE("toml: a byte of a string over several lines is found on its line") {
  CHECK(place_of("when = '''\na &&\n  x'''", "x") == "3:3");
  CHECK(place_of("when = \"\"\"a &&\nx\"\"\"", "x") == "2:1");
  CHECK(place_of("when = '''\nx'''", "x") == "2:1");
  CHECK(place_of("when = '''x'''", "x") == "1:11");
}

TEST_CASE("toml: a line end that a backslash hides is not part of the string") {
  CHECK(place_of("when = \"\"\"a && \\\n   x\"\"\"", "x") == "2:4");
  CHECK(place_of("when = \"\"\"\\\n\n  b x\"\"\"", "b") == "3:3");
}

TEST_CASE("toml: a string of lines that end as on Windows is found on its line") {
  CHECK(place_of("a = '''\r\nb\r\nc x'''\r\n", "x") == "3:3");
}

TEST_CASE("toml: places count characters, not bytes") {
  CHECK(place_of("\"éé\" = 'é x'", "x") == "1:11");
}

TEST_CASE("toml: what toml++ cannot stand is one diagnostic") {
  for (const std::string text : {"[;x]", "é = 1", "a = 1 é"}) {
    const auto parsed = parse_toml({"a.toml", text});

    const auto* diagnostic = std::get_if<Diagnostic>(&parsed);
    REQUIRE(diagnostic);
    CHECK(diagnostic->where.line == 1);
    CHECK(diagnostic->source_line == text);
  }
}

TEST_CASE("toml: a name of very many parts does not exhaust the stack") {
  std::string name = "a";
  for (int i = 0; i < 250'000; ++i) name += ".a";

  for (const std::string& text : {name + " = 1", "[" + name + "]"}) {
    CHECK(std::holds_alternative<Diagnostic>(parse_toml({"a.toml", text})));
  }
}

}  // namespace advisor::toml_node_test
