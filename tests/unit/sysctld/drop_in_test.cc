#include "sysctld/drop_in.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::drop_in_test {
namespace {

using testing::change;

Finding finding(const std::string& rule) {
  Finding finding;
  finding.rule = rule;
  finding.title = "Title of " + rule;
  return finding;
}

Report report_of(std::vector<Finding> findings) {
  return {{"p"}, {}, std::move(findings), {}};
}

}  // namespace

TEST_CASE("drop-in: a new one has a head and a reason above each line") {
  const Report report = report_of({finding("r")});

  CHECK(
      updated_drop_in("", {change("net.core.somaxconn", "128", "4096", "r")}, report) ==
      "# Lines of sysctl-advisor; `sysctl-advisor rollback` takes back those that `apply` wrote.\n"
      "\n# r: Title of r\nnet.core.somaxconn = 4096\n");
}

TEST_CASE("drop-in: lines for other parameters stay as they are, ours are replaced in place") {
  const std::string before =
      "# mine\n; also mine\nnet.ipv4.tcp_fin_timeout=30\n-net/core/somaxconn = 1\nlast = x";

  CHECK(updated_drop_in(before, {change("net.core.somaxconn", "1", "4096", "r")}, report_of({})) ==
        "# mine\n; also mine\nnet.ipv4.tcp_fin_timeout=30\nnet.core.somaxconn = 4096\nlast = x\n");
}

TEST_CASE("drop-in: writing the same change again changes nothing") {
  const Report report = report_of({finding("r")});
  const std::vector<Change> changes{change("net.core.somaxconn", "128", "4096", "r"),
                                    change("net.ipv4.tcp_tw_reuse", "0", "1", "r")};

  const std::string once = updated_drop_in("", changes, report);

  CHECK(updated_drop_in(once, changes, report) == once);
}

TEST_CASE("drop-in: an interface called by a pattern is named so that no other one is meant") {
  const std::vector<Change> changes{change("net.ipv4.conf.*.rp_filter", "0", "1", "r"),
                                    change("net.ipv4.conf.[x?].rp_filter", "0", "2", "r")};

  const std::string once = updated_drop_in("", changes, report_of({}));

  CHECK(once.find("\nnet.ipv4.conf.[*].rp_filter = 1\n") != std::string::npos);
  CHECK(once.find("\nnet.ipv4.conf.[[]x[?]].rp_filter = 2\n") != std::string::npos);
  CHECK(updated_drop_in(once, changes, report_of({})) == once);
  // As an earlier version spelled it.
  CHECK(updated_drop_in("net.ipv4.conf.*.rp_filter = 9\n", {changes[0]}, report_of({})) ==
        "net.ipv4.conf.[*].rp_filter = 1\n");
}

TEST_CASE("drop-in: a second line for the parameter does not win over ours") {
  const std::string before = "net.core.somaxconn = 1\nnet.core.somaxconn = 2\n";

  const std::string after =
      updated_drop_in(before, {change("net.core.somaxconn", "1", "4096", "r")}, report_of({}));

  CHECK(after.find("= 4096") != std::string::npos);
  CHECK(after.find("= 2") == std::string::npos);
}

TEST_CASE("drop-in: nor does one that is spelled in another way, or hidden within a line") {
  const std::vector<Change> changes{change("net.core.somaxconn", "1", "4096", "r")};

  for (const std::string key :
       {"net..core...somaxconn", ".net.core.somaxconn", "net.core.somaxconn.",
        "net//core/somaxconn", "/net/./core/somaxconn", "net./.core.somaxconn"}) {
    CAPTURE(key);
    CHECK(updated_drop_in(key + " = 2\n", changes, report_of({})) == "net.core.somaxconn = 4096\n");
  }
  const std::string within_a_line("# a\0net.core.somaxconn = 2\n", 27);
  CHECK(updated_drop_in(within_a_line, changes, report_of({})) == "net.core.somaxconn = 4096\n");
  CHECK(updated_drop_in("# a\rnet.core.somaxconn = 2\r\n", changes, report_of({})) ==
        "net.core.somaxconn = 4096\n");
  CHECK(updated_drop_in("/net.core/somaxconn = 2\n", changes, report_of({}))
            .starts_with("/net.core/"));
}

TEST_CASE("drop-in: nor does one that procps alone takes for a line on the parameter") {
  for (const char* theirs : {"net/ipv4/../core/somaxconn = 64", "--net.core.somaxconn = 64",
                             "net/core/./somaxconn = 64"}) {
    CAPTURE(std::string(theirs));
    const std::string before = std::string("net.core.somaxconn = 128\n") + theirs + "\n";

    CHECK(updated_drop_in(before, {change("net.core.somaxconn", "128", "4096", "r")},
                          report_of({})) == "net.core.somaxconn = 4096\n");
  }
}

TEST_CASE("drop-in: a reason that is no longer true does not stay above the line") {
  const std::vector<Change> first{change("net.core.somaxconn", "1", "4096", "old")};
  const std::vector<Change> second{change("net.core.somaxconn", "4096", "8192", "new")};
  const Report report = report_of({finding("old"), finding("new")});

  const std::string text = updated_drop_in(updated_drop_in("", first, report), second, report);

  CHECK(text.find("# new: Title of new\nnet.core.somaxconn = 8192\n") != std::string::npos);
  CHECK(text.find("# old") == std::string::npos);
}

TEST_CASE("drop-in: a title with a line end adds no line of its own") {
  Finding sly = finding("r");
  sly.title = "Harmless\nkernel.core_pattern = |/tmp/x";

  const std::string text =
      updated_drop_in("", {change("net.core.somaxconn", "1", "4096", "r")}, report_of({sly}));

  CHECK(text.find("\nkernel.core_pattern") == std::string::npos);
}

TEST_CASE("drop-in: a title brings no control into the file") {
  Finding colourful = finding("r");
  colourful.title = "a\033[2Jb";

  const std::string text =
      updated_drop_in("", {change("net.core.somaxconn", "1", "4096", "r")}, report_of({colourful}));

  CHECK(text.find("# r: a?[2Jb\n") != std::string::npos);
}

TEST_CASE("drop-in: a comment of somebody else stays above the line that is replaced") {
  const std::string before = "# ticket: 4711\nnet.core.somaxconn = 1\n";

  const std::string after =
      updated_drop_in(before, {change("net.core.somaxconn", "1", "4096", "r")}, report_of({}));

  CHECK(after == "# ticket: 4711\nnet.core.somaxconn = 4096\n");
}

TEST_CASE("drop-in: the other form of a pair goes, with its reason") {
  const std::string before =
      "# mine\nvm.swappiness = 10\n\n# target:vm.dirty_ratio: Profile x wants this value\n"
      "vm.dirty_ratio = 20\nnet.core.somaxconn = 128\n";

  const std::string after =
      updated_drop_in(before, {change("vm.dirty_bytes", "0", "100000000", "r")}, report_of({}),
                      {testing::name("vm.dirty_ratio")});

  CHECK(after ==
        "# mine\nvm.swappiness = 10\n\nnet.core.somaxconn = 128\n\nvm.dirty_bytes = 100000000\n");
}

}  // namespace advisor::drop_in_test
