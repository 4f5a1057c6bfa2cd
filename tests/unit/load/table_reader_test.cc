#include "load/table_reader.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::table_reader_test {
namespace {

using testing::lines_of;
using Texts = testing::Lines;

/// A document, its root, and what a reader had to say about it.
struct Document {
  explicit Document(std::string text)
      : source{"a.toml", std::move(text)}, root(std::get<TomlNode>(parse_toml(source))) {}

  SourceText source;
  TomlNode root;
  Diagnostics diagnostics;
  DiagnosticSink sink{source, diagnostics};
};

}  // namespace

TEST_CASE("table: an entry nobody asked for is reported with the nearest name") {
  Document document("id = 'x'\ntitel = 'y'\n");
  {
    TableReader reader(document.root, "a rule", document.sink);
    reader.text("id");
    reader.text("title");
  }

  CHECK(lines_of(document.diagnostics) ==
        Texts{"a.toml:2:1: a rule has no \"titel\" (did you mean \"title\"?)"});
  CHECK(document.diagnostics[0].source_line == "titel = 'y'");
}

TEST_CASE("table: what was meant is guessed for the first three mistakes, and then no more") {
  Document document("titel = 1\ntitle1 = 1\ntitle2 = 1\ntitle3 = 1\ntitle4 = 1\n");
  {
    TableReader reader(document.root, "a rule", document.sink);
    reader.node("title");
  }

  REQUIRE(document.diagnostics.size() == 5);
  CHECK(document.diagnostics[2].hint == "did you mean \"title\"?");
  CHECK(document.diagnostics[3].hint == "it has: title");
}

TEST_CASE("table: a line in which nobody would find the place is not shown") {
  Document document("a = [" + std::string(2000, ' ') + "1]\nb = 2\n");
  {
    const TableReader reader(document.root, "a rule", document.sink);
  }

  REQUIRE(document.diagnostics.size() == 2);
  CHECK(document.diagnostics[0].source_line.empty());
  CHECK(document.diagnostics[1].source_line == "b = 2");
}

TEST_CASE("table: a missing entry is reported where the table stands") {
  Document document("[rule]\nid = 'x'\n");
  {
    TableReader reader(document.root.as<TomlTable>()->at(0).value, "a rule", document.sink);
    reader.text("id");
    reader.required_text("when");
  }

  CHECK(lines_of(document.diagnostics) == Texts{"a.toml:1:1: a rule needs \"when\""});
}

TEST_CASE("table: a value of the wrong type says what it must be and what it is") {
  Document document("t = 1\ni = 'x'\nf = 1\nl = [1]\n");
  {
    TableReader reader(document.root, "a rule", document.sink);
    CHECK(reader.text("t").empty());
    CHECK_FALSE(reader.integer("i"));
    CHECK_FALSE(reader.flag("f"));
    CHECK(reader.texts("l").empty());
  }

  CHECK(lines_of(document.diagnostics) ==
        Texts{"a.toml:1:5: \"t\" must be text, not a whole number (put it in quotes)",
              "a.toml:2:5: \"i\" must be a whole number, not text",
              "a.toml:3:5: \"f\" must be true or false, not a whole number",
              "a.toml:4:6: \"l\" must be a list of texts, not a whole number"});
}

TEST_CASE("table: one text stands for a list of one, and one table for a list of one") {
  Document document("l = 'x'\n[t]\na = 1\n");

  TableReader reader(document.root, "a rule", document.sink);

  CHECK(reader.texts("l") == Texts{"x"});
  CHECK(reader.tables("t").size() == 1);
}

TEST_CASE("table: what is no table is reported once and reads as an empty one") {
  Document document("rule = 7\n");
  {
    TableReader reader(document.root.as<TomlTable>()->at(0).value, "a rule", document.sink);
    CHECK(reader.text("id").empty());
  }

  CHECK(lines_of(document.diagnostics) ==
        Texts{"a.toml:1:8: a rule must be a table, not a whole number"});
}

}  // namespace advisor::table_reader_test
