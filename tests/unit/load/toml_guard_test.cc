#include "load/toml_guard.h"

#include <doctest/doctest.h>

namespace advisor::toml_guard_test {
namespace {

/// "line:column" of what is refused; "accepted" if nothing is.
std::string refused_at(const std::string& text) {
  const auto refused = why_refused({"a.toml", text});
  if (!refused) return "accepted";
  CHECK(refused->where.file == "a.toml");
  CHECK_FALSE(refused->message.empty());
  return std::to_string(refused->where.line) + ":" + std::to_string(refused->where.column);
}

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("toml guard: a table header without a name is refused where the name should be") {
  CHECK(refused_at("[;x]") == "1:2");
  CHECK(refused_at("a = 1\n[[=x]]") == "2:3");
  CHECK(refused_at("a = [\n 1 ]\n  [ \t#") == "3:6");
  CHECK(refused_at("[ [a]]") == "1:3");
  CHECK(refused_at("[[[a]]]") == "1:3");
  CHECK(refused_at("[\na]") == "1:2");
  CHECK(refused_at("a = \"\"\"\n\"\"\"\"\"\n[/]") == "3:2");
}

TEST_CASE("toml guard: table headers with a name, and lists that begin a line, are accepted") {
  CHECK(refused_at("[a]\n[[ a.b ]]\n[-]\n[\"é\"]\n['x']\n") == "accepted");
  CHECK(refused_at("a = [\n[ +1 ],\n[ { b = [\n[.5] ] } ]\n]\n[a.b]\n") == "accepted");
  CHECK(refused_at("[]") == "accepted");
  CHECK(refused_at("[") == "accepted");
}

TEST_CASE("toml guard: what is not ASCII is refused outside of strings and comments") {
  CHECK(refused_at("é = 1") == "1:1");
  CHECK(refused_at("a = \"é\" é") == "1:9");
  CHECK(refused_at("# é\r\n[é]") == "2:2");
  CHECK(refused_at("a.\xc2\xa0 = 1") == "1:3");
  CHECK(refused_at("a = 'b\\' é") == "1:10");
  CHECK(refused_at("\xef\xbb\xbf"
                   "a = 1") == "1:1");
}

TEST_CASE("toml guard: a quote in the middle of a number begins no string") {
  CHECK(refused_at("a = {b=1\"é\"}") == "1:10");
  CHECK(refused_at("a = [1.'é']") == "1:9");
  CHECK(refused_at("a = 1=[\"é\"") == "1:9");
  CHECK(refused_at("a = [1, 'é', {b = true,'é'=1}]\na.'é' = 1") == "accepted");
}

TEST_CASE("toml guard: brackets and braces that do not match are refused") {
  CHECK(refused_at("a = [1, }") == "1:9");
  CHECK(refused_at("a = {b = [{}]]") == "1:14");
  CHECK(refused_at("a = ]") == "1:5");
  CHECK(refused_at("[[a]\n]]]") == "2:2");
}

TEST_CASE("toml guard: dates and times are refused where they begin") {
  CHECK(refused_at("a = 1\nb = [ 2026-11-22 07:32:00Z ]") == "2:7");
  CHECK(refused_at("a = 07:32") == "1:5");
  CHECK(refused_at("a = 0---en 2#") == "1:5");
  CHECK(refused_at("a-b = [-1, 1e-5, -2.5E-5, -inf, \"1-2:3\"]") == "accepted");
}

TEST_CASE("toml guard: strings and comments may hold any character") {
  CHECK(refused_at("a = \"é\\\"é\" # é \"") == "accepted");
  CHECK(refused_at("\"é\" = 'é' # '\nb = 1") == "accepted");
  CHECK(refused_at("a = \"\"\"é\n\"\" é\\\"\"\"\"\"\" # é") == "accepted");
  CHECK(refused_at("a = '''é\n'' é\\''''' # é") == "accepted");
}

TEST_CASE("toml guard: what is not ASCII is refused right after a backslash at a line end") {
  CHECK(refused_at("a = \"\"\"x \\\n  é\"\"\"") == "2:3");
  CHECK(refused_at("a = \"\"\"\\é\"\"\"") == "1:9");
  CHECK(refused_at("a = \"\"\"x \\\n  xé\"\"\"") == "accepted");
  CHECK(refused_at("a = '''x \\\n  é'''") == "accepted");
}

TEST_CASE("toml guard: a string that does not end is refused where it begins") {
  CHECK(refused_at("a = \"x\né = 1") == "1:5");
  CHECK(refused_at("a = 'x\\\né = 1") == "1:5");
  CHECK(refused_at("a = \"x\\\né = 1") == "1:5");
  CHECK(refused_at("a = 1\nb = \"\"\"x\né") == "2:5");
  CHECK(refused_at("a = \"x\\") == "1:5");
}

TEST_CASE("toml guard: nesting, names and the whole text have a limit") {
  CHECK(refused_at("a = " + repeated("[", 33)) == "1:37");
  CHECK(refused_at("a = " + repeated("{ b = ", 40)) == "1:197");
  CHECK(refused_at("a" + repeated(".a", 33) + " = 1") == "1:66");
  CHECK(refused_at("[a" + repeated(" . \"a\"", 250'000) + "]") != "accepted");
  CHECK(refused_at(repeated("x", (1 << 20) + 1)) == "0:0");
  CHECK(refused_at("a = " + repeated("[", 32) + repeated("]", 32)) == "accepted");
  CHECK(refused_at("a = [ " + repeated("1.5, ", 100) + "]\n" + repeated("b.c = 0.5\n", 40)) ==
        "accepted");
}

}  // namespace advisor::toml_guard_test
