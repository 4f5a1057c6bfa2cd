#include "render/unified_diff.h"

#include <doctest/doctest.h>

#include "render/text_plan.h"
#include "support/builders.h"

namespace advisor::unified_diff_test {
namespace {

using testing::change;

std::string diff(std::optional<std::string> before, std::optional<std::string> after) {
  return unified_diff({"/etc/x", std::move(before), std::move(after)});
}

}  // namespace

TEST_CASE("diff: a new file comes from /dev/null") {
  CHECK(diff(std::nullopt, "a\nb\n") == "--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

TEST_CASE("diff: a removed file goes to /dev/null") {
  CHECK(diff("a\nb\n", std::nullopt) == "--- a/etc/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n");
}

TEST_CASE("diff: a changed line stands between three lines of context") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "--- a/etc/x\n+++ b/etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("diff: changes far apart are hunks of their own, near ones are one") {
  std::string before, far, near;
  for (int i = 1; i <= 20; ++i) {
    const std::string line = std::to_string(i) + "\n";
    before += line;
    far += i == 2 || i == 18 ? "x\n" : line;
    near += i == 8 || i == 14 ? "x\n" : line;
  }
  const auto hunks = [&](const std::string& after) {
    const std::string text = diff(before, after);
    size_t count = 0;
    for (size_t at = 0; (at = text.find("@@ -", at)) != std::string::npos; ++at) ++count;
    return count;
  };

  CHECK(hunks(far) == 2);
  CHECK(hunks(near) == 1);
  CHECK(diff(before, far).find("@@ -15,6 +15,6 @@\n") != std::string::npos);
}

TEST_CASE("diff: a missing line end at the end of a file is told") {
  CHECK(diff("a", "a\n") ==
        "--- a/etc/x\n+++ b/etc/x\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
  CHECK(diff("a\nb", "a\nc") ==
        "--- a/etc/x\n+++ b/etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
        "\\ No newline at end of file\n");
}

TEST_CASE("diff: what does not change has none") {
  CHECK(diff("a\n", "a\n").empty());
  CHECK(diff(std::nullopt, std::nullopt).empty());
}

TEST_CASE("plan text: a line for each parameter, and one for the file") {
  const Plan plan{{change("net.core.somaxconn", "128", "4096"),
                   change("net.ipv4.ip_local_reserved_ports", "8080", "")},
                  FileChange{"/etc/sysctl.d/x.conf", std::nullopt, "text"}};

  CHECK(text_plan(plan, {}) ==
        "  net.core.somaxconn                128 -> 4096\n"
        "  net.ipv4.ip_local_reserved_ports  8080 -> (empty)\n"
        "  /etc/sysctl.d/x.conf (new file)\n");
}

TEST_CASE("plan text: a file that stays as it is is not mentioned") {
  const Plan plan{{}, FileChange{"/etc/sysctl.d/x.conf", "same", "same"}};

  CHECK(text_plan(plan, {}).empty());
}

}  // namespace advisor::unified_diff_test
