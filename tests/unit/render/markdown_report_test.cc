#include "render/markdown_report.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "support/reports.h"
#include "support/text_parts.h"

namespace advisor::markdown_report_test {
namespace {

using testing::busy_sockets;
using testing::finding_of;
using testing::has;
using testing::idle_host;
using testing::kHostile;
using testing::recommended;
using testing::report_all_of;

/// What each line begins with: the blanks and marks of Markdown.
std::vector<std::string> beginnings_of(const std::string& markdown) {
  std::vector<std::string> beginnings;
  for (const std::string_view line : split_lines(markdown)) {
    beginnings.emplace_back(line.substr(0, line.find_first_not_of(" -#")));
  }
  return beginnings;
}

}  // namespace

TEST_CASE("markdown report: hostile texts begin no line, and are no markup") {
  const auto markdown_of = [](const std::string& text) {
    return markdown_report(report_all_of(text), {text, text, ""});
  };

  const std::string markdown = markdown_of(kHostile + "\n\n# heading\n- item");

  CHECK(beginnings_of(markdown) == beginnings_of(markdown_of("x")));
  CHECK(has(markdown, R"(\</style\>\</title\>\<script\>x\</script\>"'\>)"));
  CHECK_FALSE(has(markdown, "\x1b"));
  CHECK_FALSE(has(markdown, "\xff"));
}

TEST_CASE("markdown report: a ticket has the numbers, the change, what is open and what to run") {
  Report report{{"a", "b"}, idle_host(), {}, {}};
  report.snapshot.taken = "2026-11-22T22:01:56Z";
  report.findings = {finding_of("ports", Verdict::kViolated, Severity::kWarning),
                     finding_of("boot:net.a", Verdict::kViolated),
                     finding_of("open", Verdict::kUnknown),
                     finding_of("kept-out", Verdict::kViolated)};
  Finding& ports = report.findings[0];
  ports.evidence = "27 411 of 28 232";
  ports.recommendations = {
      recommended("net.ipv4.ip_local_port_range", "32768 60999", "15000 60999")};
  ports.reference = {"RFC 6191", "net/ipv4/tcp.c"};
  report.findings[2].missing = {"two samples"};
  report.findings[3].suppressed = std::make_shared<const Suppression>(
      Suppression{"kept-out", "", "ticket 4711", "", {"c", 3, 0}});

  CHECK(markdown_report(report, {"1.2.3", "next: `sysctl-advisor apply` asks", ""}) ==
        R"(### sysctl-advisor audit of `host`

**1 warning, 1 note; 0 checks fine; 1 unknown; 1 suppressed**

- **Host:** kernel 6.1.0-40-amd64, profiles a + b, rates over 1.0 s
- **Taken:** 2026-11-22 22:01:56 UTC, by sysctl-advisor 1.2.3
- **Load:** 0 client-side and 0 server-side TCP sockets, 1 listener; 28 232 local ports usable (read from sock_diag)

#### WARNING: The title of ports

`ports`

- `net.ipv4.ip_local_port_range`: `32768 60999` → **`15000 60999`**
  - can be taken back
- **Seen:** 27 411 of 28 232
- **See:** [RFC 6191](https://www.rfc-editor.org/rfc/rfc6191)
- **See:** net/ipv4/tcp.c

#### NOTE: The title of boot:net.a

`boot:net.a`

#### Not known: 1 check

- two samples (1 check)

#### Suppressed

- `kept-out`: ticket 4711 (c:3)

next: `sysctl-advisor apply` asks
)");
}

TEST_CASE("markdown report: the busiest destinations and the full queues are named") {
  const std::string markdown = markdown_report({{"baseline"}, busy_sockets(), {}, {}}, {});

  CHECK(has(markdown,
            "- **Towards:** 10.0.0.5:8080 from 10.0.0.1: 25 established, 50 TIME_WAIT; 75 "
            "ports of the range in use\n"));
  CHECK(has(markdown, "- **Full:** 0.0.0.0:80: 129 connections wait, backlog 128\n"));
  CHECK_FALSE(has(markdown, "0.0.0.0:81"));
}

TEST_CASE("markdown report: what whoever starts a container needs is a block of code") {
  const std::string markdown =
      markdown_report({{"baseline"}, idle_host(), {}, {}}, {"1", "", "a: ```\n"});

  CHECK(markdown.ends_with("\n#### For whoever starts it\n\n````\na: ```\n````\n"));
}

}  // namespace advisor::markdown_report_test
