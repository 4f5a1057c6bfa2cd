#include "render/html.h"

#include <doctest/doctest.h>

#include <utility>

#include "render/html_bars.h"
#include "render/html_page.h"
#include "render/html_table.h"

namespace advisor::html_test {
namespace {

std::string text_of(std::string_view bytes) {
  return Html().text(bytes).str();
}

std::string prose_of(std::string_view sentence) {
  return Html().prose(sentence).str();
}

Bar bar(int64_t whole, std::vector<BarPart> parts) {
  Bar bar;
  bar.label = "10.0.0.5:80";
  bar.said = "some of them";
  bar.whole = whole;
  bar.parts = std::move(parts);
  return bar;
}

/// The widths of all that is drawn of a bar, its track first.
std::vector<std::string> widths_of(const Bar& bar) {
  const std::string html = html_bars({bar}).str();
  constexpr std::string_view kWidth = " width=\"";
  std::vector<std::string> widths;
  for (size_t at = html.find(kWidth); at != std::string::npos; at = html.find(kWidth, at)) {
    at += kWidth.size();
    widths.push_back(html.substr(at, html.find('"', at) - at));
  }
  return widths;
}

}  // namespace

TEST_CASE("html: no text ends an element, an attribute or the style sheet") {
  CHECK(text_of("</style><script>alert('a & b')</script>") ==
        "&lt;/style&gt;&lt;script&gt;alert(&#39;a &amp; b&#39;)&lt;/script&gt;");
  CHECK(text_of("\" onload=\"x") == "&quot; onload=&quot;x");
  CHECK(text_of("&lt;") == "&amp;lt;");
}

TEST_CASE("html: what steers a terminal, and what is not UTF-8, is a question mark") {
  using namespace std::string_view_literals;

  CHECK(text_of("a\0b\x1b[31m\x7f"sv) == "a?b?[31m?");
  CHECK(text_of("\xff\xc0\xbc\xc3") == "????");
  CHECK(text_of("\u202egnp.\u00e4") == "???gnp.\u00e4");
  CHECK(text_of("a\tb\nc") == "a\tb\nc");
}

TEST_CASE("html: a sentence has its commands as code, and keeps its numbers on one line") {
  CHECK(prose_of("run `sysctl --system`, or `a<b`") ==
        "run <code>sysctl --system</code>, or <code>a&lt;b</code>");
  CHECK(prose_of("a single ` is one") == "a single ` is one");
  CHECK(prose_of("``") == "<code></code>");
  CHECK(prose_of("27 714 of 1 028 232 (98 %)") == "27&nbsp;714 of 1&nbsp;028&nbsp;232 (98&nbsp;%)");
  CHECK(prose_of("4096 131072, 12 3456, 5 ports") == "4096 131072, 12 3456, 5 ports");
  CHECK(prose_of("`32 768 %`") == "<code>32 768 %</code>");
}

TEST_CASE("html: a page has its title escaped, and its body in it") {
  const std::string page = html_page("a</title>b", html_paragraph("Nothing to change"));

  CHECK(page.find("<title>a&lt;/title&gt;b</title>") != std::string::npos);
  CHECK(page.find("<main>\n<p>Nothing to change</p>\n</main>") != std::string::npos);
}

TEST_CASE("html: the cells of a table head its rows and columns") {
  const HtmlTable table{
      "Sockets <b>", {{"State"}, {"Count", true}}, {{Html().text("ESTAB"), Html().number(3)}}};

  CHECK(html_table(table).str() ==
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Sockets &lt;b&gt;\">"
        "<table>\n<caption>Sockets &lt;b&gt;</caption>\n<thead><tr><th scope=\"col\">State</th>"
        "<th scope=\"col\" class=\"number\">Count</th></tr></thead>\n<tbody>\n"
        "<tr><th scope=\"row\">ESTAB</th><td class=\"number\">3</td></tr>\n"
        "</tbody>\n</table></div>\n");
}

TEST_CASE("html: a bar is as long as its share, and never longer than the whole") {
  using Widths = std::vector<std::string>;

  CHECK(widths_of(bar(200, {{BarKind::kLive, 50}, {BarKind::kWaiting, 100}})) ==
        Widths{"1000", "250", "500"});
  CHECK(widths_of(bar(128, {{BarKind::kFull, 129}})) == Widths{"1000", "1000"});
  CHECK(widths_of(bar(100, {{BarKind::kLive, 80}, {BarKind::kWaiting, 80}})) ==
        Widths{"1000", "800", "200"});
  CHECK(widths_of(bar(28232, {{BarKind::kLive, 1}})) == Widths{"1000", "1"});
  CHECK(widths_of(bar(0, {{BarKind::kLive, 0}, {BarKind::kWaiting, 3}})) == Widths{"1000", "1000"});
  CHECK(widths_of(bar(1, {{BarKind::kLive, INT64_MAX}})) == Widths{"1000", "1000"});
}

TEST_CASE("html: a bar is told to who does not see it") {
  Bar told = bar(10, {{BarKind::kLive, 5}});
  told.label = "\"><script>";
  told.note = "held by <b>";

  const std::string html = html_bars({told}).str();

  CHECK(html.find("<title>&quot;&gt;&lt;script&gt;: some of them</title>") != std::string::npos);
  CHECK(html.find("<p>held by &lt;b&gt;</p>") != std::string::npos);
}

}  // namespace advisor::html_test
