#include "render/markdown.h"

#include <doctest/doctest.h>

namespace advisor::markdown_test {

TEST_CASE("markdown: no text is emphasis, code, a link, an element or a table") {
  CHECK(markdown_text("*a* _b_ `c` ~~d~~ $e$") == R"(\*a\* \_b\_ \`c\` \~\~d\~\~ \$e\$)");
  CHECK(markdown_text("[a](b) ![c] <b> a|b &lt; #1 \\") ==
        R"(\[a\](b) \!\[c\] \<b\> a\|b \&lt; \#1 \\)");
  CHECK(markdown_text("https://a.example www.a.example") == R"(https\://a.example www\.a.example)");
}

TEST_CASE("markdown: names and numbers stay as they are read") {
  CHECK(markdown_text("net.ipv4.tcp_tw_reuse = 1: 198.18.0.2:8080, 1.5 s (98 %)") ==
        "net.ipv4.tcp_tw_reuse = 1: 198.18.0.2:8080, 1.5 s (98 %)");
}

TEST_CASE("markdown: a text begins no list, heading or line of its own") {
  CHECK(markdown_text("- a") == R"(\- a)");
  CHECK(markdown_text("12. a") == R"(12\. a)");
  CHECK(markdown_text("3) a") == R"(3\) a)");
  CHECK(markdown_text("===") == R"(\===)");
  CHECK(markdown_text("a\n\n# b\r\n- c\t ") == R"(a \# b - c)");
}

TEST_CASE("markdown: what steers a terminal, and what is not UTF-8, is a question mark") {
  CHECK(markdown_text("a\x1b[0m\xff") == R"(a?\[0m?)");
  CHECK(markdown_code("a\x1b\xff") == "`a??`");
}

TEST_CASE("markdown: code holds any number of backticks") {
  CHECK(markdown_code("32768 60999") == "`32768 60999`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("``") == "``` `` ```");
  CHECK(markdown_code("") == "");
  CHECK(markdown_code_block("a\n```\nb") == "````\na\n```\nb\n````\n");
}

TEST_CASE("markdown: a sentence has its commands as code, and nothing else") {
  CHECK(markdown_prose("run `sysctl --system`, or *`a_b`*") ==
        R"(run `sysctl --system`, or \*`a_b`\*)");
  CHECK(markdown_prose("a single ` is *one*") == R"(a single \` is \*one\*)");
  CHECK(markdown_prose("`a` and `") == R"(`a` and \`)");
}

TEST_CASE("markdown: a link leads to an address that cannot end it, or is text") {
  CHECK(markdown_link("RFC 6191", "https://a.example/6191") ==
        "[RFC 6191](https://a.example/6191)");
  CHECK(markdown_link("https://a.example", "https://a.example") == "<https://a.example>");
  CHECK(markdown_link("a]b", "https://a.example/x) y") == R"(a\]b)");
  CHECK(markdown_link("net/ipv4/tcp.c", "") == "net/ipv4/tcp.c");
}

}  // namespace advisor::markdown_test
