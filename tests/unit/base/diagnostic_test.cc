#include "base/diagnostic.h"

#include <doctest/doctest.h>

namespace advisor::diagnostic_test {

TEST_CASE("diagnostic: a place leaves out what is not known of it") {
  CHECK(to_text(SourceLocation{"a.toml", 3, 7}) == "a.toml:3:7");
  CHECK(to_text(SourceLocation{"a.toml", 3, 0}) == "a.toml:3");
  CHECK(to_text(SourceLocation{"a.toml", 0, 0}) == "a.toml");
  CHECK(to_text(SourceLocation{}).empty());
}

TEST_CASE("diagnostic: the caret stands under the column, under tabs as well") {
  const Diagnostic diagnostic{DiagnosticSeverity::kError,
                              {"a.toml", 3, 4},
                              "unknown word",
                              "did you mean \"x\"?",
                              "\ta = y"};

  CHECK(to_text(diagnostic) ==
        "a.toml:3:4: error: unknown word\n"
        "  \ta = y\n"
        "  \t  ^\n"
        "  hint: did you mean \"x\"?\n");
}

TEST_CASE("diagnostic: the caret counts characters, not bytes") {
  const Diagnostic diagnostic{
      DiagnosticSeverity::kError, {"a.toml", 3, 4}, "unknown word", "", "éé\tx"};

  CHECK(to_text(diagnostic) ==
        "a.toml:3:4: error: unknown word\n"
        "  éé\tx\n"
        "    \t^\n");
}

TEST_CASE("diagnostic: without a place, a line or a hint there is one line") {
  const Diagnostic diagnostic{DiagnosticSeverity::kWarning, {}, "odd", {}, {}};

  CHECK(to_text(diagnostic) == "warning: odd\n");
}

TEST_CASE("diagnostic: warnings alone are no errors") {
  Diagnostics diagnostics{{DiagnosticSeverity::kWarning, {}, "odd", {}, {}}};
  CHECK_FALSE(has_errors(diagnostics));

  diagnostics.push_back({DiagnosticSeverity::kError, {}, "wrong", {}, {}});
  CHECK(has_errors(diagnostics));
}

}  // namespace advisor::diagnostic_test
