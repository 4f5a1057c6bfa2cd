#include "render/html_fleet.h"

#include <doctest/doctest.h>

#include "support/host_lines.h"
#include "support/reports.h"
#include "support/text_parts.h"

namespace advisor::html_fleet_test {
namespace {

using testing::has;
using testing::tags_of;

std::string page_all_of(const std::string& text) {
  return html_fleet(testing::fleet_all_of(text), text);
}

}  // namespace

TEST_CASE("html fleet: hostile texts are shown, and change nothing of what the page is made of") {
  const std::string page = page_all_of(testing::kHostile);

  CHECK(tags_of(page) == tags_of(page_all_of("x")));
  CHECK(has(page, "&lt;/style&gt;&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;&quot;&#39;&gt;"));
  for (const char* part : {"<script", "<img", "\x1b", "\xff", "\u202e", "href="}) {
    CHECK_FALSE(has(page, part));
  }
}

TEST_CASE("html fleet: of each list there is something on the page") {
  const std::string page = page_all_of("QQ");

  for (const char* part :
       {"<h1>4 hosts</h1>",
        "<dt>Taken</dt><dd>2026-11-28T00:00:00Z to 2026-11-30T20:00:00Z</dd>",
        "the clock of 1 host is ahead: ahead",
        "QQ, clone of QQ have one machine-id",
        "<article class=\"finding critical\">",
        "<code>QQ</code><span class=\"said\">2 hosts (67&nbsp;%)</span>",
        "QQ:</span> QQ</p>",
        "Since QQ",
        "new on 1 host: QQ",
        "Worst hosts",
        "1 host: QQ (unreachable)",
        "Missing, of the inventory",
        "QQ!",
        "clone of QQ: 2026-11-28T00:00:00Z",
        "<code>10.0.0.5:8080</code>",
        "6 ports in use by 2 hosts, 2 in TIME_WAIT",
        "<th scope=\"row\"><code>QQ</code></th><td><code>QQ</code></td><td><code>QQ</code></td>",
        "transaction QQ is QQ until QQ",
        "applied QQ, now QQ on 2 hosts",
        "Lost at the next boot",
        "Lines of files that are not in effect",
        "2 hosts: QQ (1 check: QQ)",
        "By label",
        "<code>QQ (QQ)</code>",
        "<footer>sysctl-advisor QQ</footer>"}) {
    CHECK(has(page, part));
  }
}

TEST_CASE("html fleet: a page does not grow with the hosts and the rules") {
  const auto size_of = [](int count) {
    std::vector<HostLine> lines;
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(10'000 + i);
      HostLine line = testing::with_rule("host-" + number, "rule-" + number);
      line.destinations = {{*IpAddress::parse("10.0.0.5"), uint16_t(i), 1, 0, 100}};
      line.kernel = line.version = line.profile_hash = number;
      line.unknown = {{"unknown-" + number, {"missing " + number}}};
      line.boot->lost = {"net.p" + number};
      line.taken = testing::at_hour(-100);
      lines.push_back(std::move(line));
      lines.push_back(testing::unreachable_line("gone-" + number, "why " + number));
    }
    FleetQuestion asked = testing::question();
    asked.split = FleetSplit::kKernel;
    return html_fleet(testing::report_on(lines, asked), "0.1.0").size();
  };

  CHECK(size_of(2000) < size_of(20) + 1000);
}

}  // namespace advisor::html_fleet_test
