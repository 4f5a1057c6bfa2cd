#include "render/text_fleet.h"

#include <doctest/doctest.h>

#include "render/fleet_words.h"
#include "support/host_lines.h"
#include "support/text_parts.h"

namespace advisor::text_fleet_test {
namespace {

using testing::has;
using testing::host_line;
using testing::question;
using testing::report_on;
using testing::with_rule;

}  // namespace

TEST_CASE("text fleet: of hosts that are all in order there is little to say") {
  CHECK(text_fleet(report_on({host_line("a"), host_line("b")}), {}) ==
        "  Hosts     2 hosts: 2 ok\n"
        "  Asked     2 with nothing asked\n"
        "  Taken     2026-11-30T11:00:00Z\n"
        "\n"
        "Profiles\n"
        "  baseline (0123456789abcdef)  2 hosts\n"
        "\n"
        "Versions of sysctl-advisor\n"
        "  0.1.0  2 hosts\n"
        "\n"
        "nothing is asked of 2 hosts\n");
}

TEST_CASE("text fleet: a list ends where it is to, and says how to see more") {
  FleetQuestion asked = question();
  asked.top = 1;
  const FleetReport report =
      report_on({with_rule("a", "one"), with_rule("b", "two"), with_rule("c", "two")}, asked);

  const std::string text = text_fleet(report, {});
  const std::string all = text_fleet(report, {.verbose = true});

  CHECK(has(text, "  WARNING  two: 2 hosts\n    The title of two\n    b: what was seen of two\n"));
  CHECK(has(text, "  and 1 more (-v shows all)\n"));
  CHECK_FALSE(has(text, "one: 1 host"));
  CHECK(has(text, "Worst hosts\n  a  1 warning\n  and 2 more (--top N shows N)\n"));
  CHECK(has(all, "one: 1 host"));
  CHECK(has(text, "\nsomething is asked of 3 of 3 hosts\n"));
}

TEST_CASE("text fleet: what is the case of hosts is said in their number") {
  const FleetReport report = testing::fleet_all_of("QQ");

  const std::string text = text_fleet(report, {});

  for (const char* part :
       {"4 hosts: 1 ok, 2 partial, 1 failed", "2 critical at worst, 1 with nothing asked",
        "the lines of 1 host are older than 1 d", "Failed\n  1 host  QQ (unreachable)\n",
        "Missing, of the inventory\n  QQ!\n", "Not known\n  2 hosts  QQ (1 check: QQ)\n",
        "By label\n", "(no label)  2 hosts: 1 failed, 1 with nothing asked"}) {
    CHECK(has(text, part));
  }
}

TEST_CASE("text fleet: no name of a host or a rule begins a line of its own") {
  const std::string text = text_fleet(report_on({with_rule("a\nb", "rule\nnothing is asked")}), {});

  CHECK(has(text, "  a?b  1 warning\n"));
  CHECK(has(text, "rule?nothing is asked: 1 host\n"));
}

TEST_CASE("fleet words: a host whose clock is ahead counts once, with all its network namespaces") {
  HostLine here = host_line("a", testing::at_hour(20)), there = here;
  there.netns = "blue";
  const FleetReport report = report_on({here, there, host_line("b", testing::at_hour(20))});

  CHECK(fleet_remarks(report) == std::vector<std::string>{"the clock of 2 hosts is ahead: a, b"});
}

TEST_CASE("fleet words: a transaction that waits is part of the verdict") {
  HostLine waits = host_line("a");
  waits.transaction = HostLine::Applied{"4", "provisional", std::nullopt, {}};

  CHECK(verdict_in_words(report_on({waits})) ==
        "nothing is asked of 1 host; 1 transaction not settled");
}

TEST_CASE("fleet words: ports towards a host itself are said to be of each") {
  FleetReport::Destination to;
  to.address = *IpAddress::parse("127.0.0.1");
  to.port = 6379;

  CHECK(destination_name(to) == "127.0.0.1:6379 (each host itself)");
}

TEST_CASE("fleet words: of many names the first are told") {
  CHECK(names_in_words(std::vector<std::string>{"a", "b", "c"}, 2) == "a, b and 1 more");
  CHECK(names_in_words(std::vector<std::string>{"a", "b"}, 2) == "a, b");
}

}  // namespace advisor::text_fleet_test
