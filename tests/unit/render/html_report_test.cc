#include "render/html_report.h"

#include <doctest/doctest.h>

#include "support/reports.h"
#include "support/text_parts.h"

namespace advisor::html_report_test {
namespace {

using testing::busy_sockets;
using testing::finding_of;
using testing::has;
using testing::idle_host;
using testing::kHostile;
using testing::recommended;
using testing::report_all_of;
using testing::tags_of;

std::string page_of(const Report& report) {
  return html_report(report, {"1.2.3", "next: `sysctl-advisor apply` asks", ""});
}

std::string page_all_of(const std::string& text) {
  return html_report(report_all_of(text), {text, text, text});
}

}  // namespace

TEST_CASE("html report: hostile texts are shown, and change nothing of what the page is made of") {
  const std::string page = page_all_of(kHostile);

  CHECK(tags_of(page) == tags_of(page_all_of("x")));
  CHECK(has(page, "&lt;/style&gt;&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;&quot;&#39;&gt;"));
  for (const char* part :
       {"<script", "<img", "\x1b", "\xff", "\u202e", "javascript:\"", "href=\"j"}) {
    CHECK_FALSE(has(page, part));
  }
}

TEST_CASE("html report: of a text of each kind there is one everywhere") {
  // The texts of the world in report_all_of() that a page shows once, and those in each finding.
  const std::string page = page_all_of("QQ");

  for (const char* part : {"<h1>QQ</h1>",
                           "<dt>Kernel</dt><dd>QQ</dd>",
                           "<dt>Taken</dt><dd>QQ</dd>",
                           "<dt>Profile</dt><dd>QQ</dd>",
                           "held by QQ (pid 4711)",
                           "held by QQ (pid 4712)",
                           "(read from QQ)",
                           "&quot;QQ&quot; 3 times in the last hour",
                           "<pre>QQ</pre>",
                           "<div class=\"next\"><p>QQ</p>",
                           "<div class=\"objection\"><p>QQ</p>",
                           "QQ (QQ:3 until QQ)",
                           "<footer>sysctl-advisor QQ</footer>",
                           "<a rel=\"noreferrer\" href=\"https://QQ\">https://QQ</a>",
                           "<br>javascript:QQ",
                           "net.b = QQ: QQ",
                           "takes effect: QQ; can be taken back",
                           "costs: QQ",
                           "at boot it is set by net.a = QQ (QQ:1)",
                           "<dt>Controls</dt><dd>QQ</dd>",
                           "<li><code>QQ</code> = <code>QQ</code></li>",
                           "<code>boot:net.c</code>"}) {
    CHECK(has(page, part));
  }
}

TEST_CASE("html report: the head counts each finding once") {
  const std::string page = page_all_of("x");

  // Two of them are violated, one is of each other kind.
  CHECK(has(page, "<li class=\"note\"><b>2</b>notes</li>"));
  CHECK(has(page, "<li class=\"critical none\"><b>0</b>critical</li>"));
  for (const char* kind : {"unknown", "not-applicable", "suppressed", "satisfied"}) {
    CHECK(has(page, "<li class=\"" + std::string(kind) + "\"><b>1</b>"));
  }
  CHECK(has(page, "6 checks in all"));
  CHECK(has(page, "2 findings ask for something"));
}

TEST_CASE("html report: the worst comes first, in the list and as a block that it leads to") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.findings = {finding_of("first", Verdict::kViolated, Severity::kCritical),
                     finding_of("second", Verdict::kViolated, Severity::kNote)};

  const std::string page = page_of(report);

  const size_t link = page.find("<a href=\"#finding-1\">The title of first</a>");
  const size_t other = page.find("<a href=\"#finding-2\">The title of second</a>");
  const size_t block = page.find("<article class=\"finding critical\" id=\"finding-1\">");
  CHECK(link < other);
  CHECK(other < block);
  CHECK(block < page.find("<article class=\"finding note\" id=\"finding-2\">"));
}

TEST_CASE("html report: what to change is a value now and a value advised") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.findings = {finding_of("ports", Verdict::kViolated)};
  report.findings[0].recommendations = {
      recommended("net.ipv4.ip_local_reserved_ports", "", "8080")};
  report.findings[0].recommendations[0].one_way = true;

  const std::string page = page_of(report);

  CHECK(has(page,
            "<code>net.ipv4.ip_local_reserved_ports</code><br><span class=\"value now\">"
            "<span class=\"soft\">now</span> <code>(empty)</code></span>"));
  CHECK(has(page, "<span class=\"soft\">advised</span> <code>8080</code></span>"));
  CHECK(has(page, "<li>cannot be taken back before the next boot</li>"));
  CHECK(has(page, "<p>next: <code>sysctl-advisor apply</code> asks</p>"));
  CHECK_FALSE(has(page, "<ol class=\"glance\">"));
}

TEST_CASE("html report: ports have a bar with the half marked, and say what may be taken over") {
  Report report{{"baseline"}, busy_sockets(), {}, {}};

  const std::string page = page_of(report);

  CHECK(has(page, "<title>10.0.0.5:8080 from 10.0.0.1: 75 of 100 ports (75 %)</title>"));
  CHECK(has(page,
            "<rect class=\"live\" x=\"0\" width=\"250\" height=\"12\"/>"
            "<rect class=\"waiting\" x=\"250\" width=\"500\" height=\"12\"/>"
            "<line class=\"mark\" x1=\"500\""));
  CHECK_FALSE(has(page, "class=\"free\""));

  testing::set(report.snapshot, "net.ipv4.tcp_tw_reuse", "1");
  const std::string reusing = page_of(report);

  CHECK(has(reusing, "25 of 100 ports (25 %); 50 more may be taken over</title>"));
  CHECK(has(reusing, "<rect class=\"free\" x=\"250\" width=\"500\" height=\"12\"/>"));
  CHECK(has(reusing, "</svg>TIME_WAIT that may be taken over</li>"));
}

TEST_CASE("html report: ports that are bound count towards every destination") {
  Report report{{"baseline"}, busy_sockets(), {}, {}};
  report.snapshot.sockets->bound_ports = 10;

  const std::string page = page_of(report);

  CHECK(has(page, ": 85 of 100 ports (85 %)</title>"));
  CHECK(has(page, "<rect class=\"bound\" x=\"750\" width=\"100\" height=\"12\"/>"));
  CHECK(has(page, "</svg>bound, and not connected: taken for every destination</li>"));
}

TEST_CASE("html report: listeners at which nothing waits are counted") {
  Snapshot snapshot = idle_host();
  snapshot.sockets = testing::load_of({testing::listener_row(22), testing::listener_row(80)});

  const std::string idle = page_of({{"baseline"}, snapshot, {}, {}});

  CHECK(has(idle, "<li>nothing waits at 2 listeners</li>"));
  CHECK_FALSE(has(idle, "class=\"bar\""));

  snapshot.sockets->listeners[0].dropped = 7;
  const std::string dropping = page_of({{"baseline"}, snapshot, {}, {}});

  CHECK(has(dropping, "0 of 128 wait (0&nbsp;%)</span>"));
  CHECK(has(dropping, "<p>7 dropped in the interval</p>"));
  CHECK(has(dropping, "<li>nothing waits at 1 other listener</li>"));
}

TEST_CASE("html report: a queue has a bar against its limit, and says when it is full") {
  Report report{{"baseline"}, busy_sockets(), {}, {}};

  const std::string page = page_of(report);

  CHECK(has(page, "<span class=\"said full\">129 of 128 wait (101&nbsp;%), full</span>"));
  CHECK(has(page,
            "<title>0.0.0.0:81: 32 of 128 wait (25 %)</title>"
            "<rect class=\"track\" x=\"0\" width=\"1000\" height=\"12\"/>"
            "<rect class=\"live\" x=\"0\" width=\"250\" height=\"12\"/></svg>"));
  CHECK(has(page, "<li>0.0.0.0:82: 7 connections wait, backlog unknown</li>"));
}

TEST_CASE("html report: sockets are counted by state and side") {
  const std::string page = page_of({{"baseline"}, busy_sockets(), {}, {}});

  CHECK(has(page,
            "<tr><th scope=\"row\"><code>ESTAB</code></th><td class=\"number\">25</td>"
            "<td class=\"number\">0</td></tr>"));
  CHECK(has(page, "<code>TIME-WAIT</code></th><td class=\"number\">50</td>"));
}

TEST_CASE("html report: what could not be read says why") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.snapshot.sockets = Error{ErrorKind::kDenied, "cannot read the socket table", 13};

  CHECK(has(page_of(report), "<h2>Sockets</h2>\n<p>cannot read the socket table</p>"));
}

TEST_CASE("html report: what is unknown is told by what was missing, with each rule") {
  Report report{{"baseline"}, idle_host(), {}, {}};
  report.findings = {finding_of("a", Verdict::kUnknown), finding_of("b", Verdict::kUnknown),
                     finding_of("c", Verdict::kUnknown)};
  report.findings[0].missing = report.findings[1].missing = {"two samples"};

  const std::string page = page_of(report);

  CHECK(has(page,
            "<li>two samples <span class=\"soft\">(2 checks)</span>"
            "<div class=\"ids\"><code>a</code> <code>b</code> </div></li>"));
  CHECK(has(page,
            "<li>not told <span class=\"soft\">(1 check)</span>"
            "<div class=\"ids\"><code>c</code> </div></li>"));
}

TEST_CASE("html report: a page of an idle host is small, and has nothing to show") {
  const std::string page = page_of({{"baseline"}, idle_host(), {}, {}});

  CHECK(has(page, "<p class=\"verdict\">Nothing to change</p>"));
  CHECK_FALSE(has(page, "<article"));
  CHECK(page.size() < 20000);
}

}  // namespace advisor::html_report_test
