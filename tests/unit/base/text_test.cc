#include "base/text.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace advisor::text_test {

using Texts = std::vector<std::string>;

TEST_CASE("text: words are what stands between blanks, tabs and line ends") {
  CHECK(split_words("4096\t131072  6291456\n") == Texts{"4096", "131072", "6291456"});
  CHECK(split_words(" \t\n").empty());
  CHECK(trim("\t 1 2 \r\n") == "1 2");
  CHECK(trim("\n").empty());
}

TEST_CASE("text: parts between separators may be empty, and a text without any is one part") {
  CHECK(split("a,,b", ',') == Texts{"a", "", "b"});
  CHECK(split("", ',') == Texts{""});
  CHECK(split("a,", ',') == Texts{"a", ""});
  CHECK(join({"a", "", "b"}, ",") == "a,,b");
  CHECK(join({}, ",").empty());
  CHECK(joined_numbers({4096, -1, 6291456}) == "4096 -1 6291456");
  CHECK(joined_numbers({}).empty());
}

TEST_CASE("text: a last line counts with and without a line end") {
  const std::vector<std::string_view> two{"a", "b"};

  CHECK(split_lines("a\nb\n") == two);
  CHECK(split_lines("a\nb") == two);
  CHECK(split_lines("").empty());
  CHECK(split_lines("\n") == std::vector<std::string_view>{""});
}

TEST_CASE("text: a decimal number is the whole text or none") {
  CHECK(parse_decimal("-12") == -12);
  CHECK(parse_decimal("9223372036854775807") == std::numeric_limits<int64_t>::max());
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1.0", "0x10", "9223372036854775808"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_decimal(text));
  }
}

TEST_CASE("text: a real number is plain decimal, neither an exponent nor infinity") {
  CHECK(parse_real("0.5") == 0.5);
  CHECK(parse_real("3") == 3.0);
  for (const char* text : {"", "0,5", "1e3", "0.5s", "inf", "infinity", "nan"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_real(text));
  }
}

TEST_CASE("text: a number is read in the base that is asked for") {
  CHECK(parse_unsigned("ff", 16) == 255U);
  CHECK(parse_unsigned("17", 8) == 15U);
  CHECK_FALSE(parse_unsigned("8", 8));
  CHECK_FALSE(parse_unsigned("-1", 10));
}

TEST_CASE("text: the nearest name is offered only where it may have been meant") {
  const Texts known{"net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps", "net.core.somaxconn"};

  CHECK(nearest_name("net.ipv4.tw_reuse", known) == "net.ipv4.tcp_tw_reuse");
  CHECK(nearest_name("net.core.somaxcon", known) == "net.core.somaxconn");
  CHECK_FALSE(nearest_name("vm.swappiness", known));
  CHECK_FALSE(nearest_name("", known));
}

TEST_CASE("text: digits are grouped by three from the right, whatever the sign") {
  CHECK(grouped_digits(0) == "0");
  CHECK(grouped_digits(999) == "999");
  CHECK(grouped_digits(1000) == "1 000");
  CHECK(grouped_digits(-123456) == "-123 456");
  CHECK(grouped_digits(std::numeric_limits<int64_t>::min()) == "-9 223 372 036 854 775 808");
}

TEST_CASE("text: what others wrote cannot steer a terminal") {
  CHECK(printable("a\033[2J\rb\n\x7f") == "a?[2J?b??");
  CHECK(printable_lines("a\tb\nc\rd\n") == "a\tb\nc?d\n");
  CHECK(printable_lines("\033[1;31mred\033[0m") == "?[1;31mred?[0m");
  CHECK(printable_lines("\033[1;31mred\033[0m", Colours::kKept) == "\033[1;31mred\033[0m");
  CHECK(printable_lines("\033[8mhidden\033[m", Colours::kKept) == "?[8mhidden?[m");
  CHECK(printable_lines("\033[2J\033[1;31H\033]0;title\a\033", Colours::kKept) ==
        "?[2J?[1;31H?]0;title??");
  CHECK(printable_lines("\033[", Colours::kKept) == "?[");
  CHECK(printable_lines("a line end of DOS\r\n") == "a line end of DOS\r\n");
  CHECK(printable_lines("aé€𝄞") == "aé€𝄞");
  CHECK(printable("aé€𝄞") == "aé€𝄞");
  // U+009B is what ESC [ stands for.
  CHECK(printable("\xc2\x9b"
                  "2J") == "??2J");
  CHECK(printable("\x9b\xc3\xff\xe2\x82") == "?????");
  // Longer forms of it.
  CHECK(printable("\xe0\x82\x9b"
                  "2J \xf0\x80\x82\x9b") == "???2J ????");
  // From here on some terminals write from right to left.
  CHECK(printable("a\u202eb") == "a???b");
}

TEST_CASE("text: a control in a text of any encoding is found, and nothing else is one") {
  CHECK_FALSE(find_control("a\tb\r\naé€𝄞 \xfc\xdf\n"));
  CHECK(find_control("ab\033[2J") == 2);
  CHECK(find_control("a\rb") == 1);
  CHECK(find_control("\xfc\x7f") == 1);
  CHECK(find_control("\xfc\x9b") == 1);
  CHECK(find_control("é\xc2\x9b") == 2);
  CHECK(find_control(std::string_view("\0", 1)) == 0);
}

TEST_CASE("text: of a name far longer than all others none was meant") {
  CHECK_FALSE(nearest_name(std::string(3000, 'q'), {"net.core.somaxconn"}));
}

TEST_CASE("text: a shell pattern matches the whole text") {
  CHECK(matches_glob("net.ipv4.*", "net.ipv4.tcp_tw_reuse"));
  CHECK(matches_glob("*reuse", "net.ipv4.tcp_tw_reuse"));
  CHECK(matches_glob("*.*.tcp_*_?euse", "net.ipv4.tcp_tw_reuse"));
  CHECK(matches_glob("", ""));
  CHECK(matches_glob("*", ""));
  CHECK_FALSE(matches_glob("reuse", "net.ipv4.tcp_tw_reuse"));
  CHECK_FALSE(matches_glob("net.?", "net."));
  CHECK_FALSE(matches_glob("", "a"));
}

TEST_CASE("text: a paragraph is broken at blanks, and a word too long stands alone") {
  CHECK(wrapped("one two three", 9, "  ") == "  one two\n  three\n");
  CHECK(wrapped("a-word-too-long b", 6, "") == "a-word-too-long\nb\n");
  CHECK(wrapped("  ", 10, "  ").empty());
}

TEST_CASE("text: characters are counted and found in UTF-8") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("aé𝄞") == 3);
  CHECK(offset_of_character("aé𝄞b", 0) == 0);
  CHECK(offset_of_character("aé𝄞b", 2) == 3);
  CHECK(offset_of_character("aé𝄞b", 3) == 7);
  CHECK(offset_of_character("aé", 2) == 3);
  CHECK(offset_of_character("aé", 9) == 3);
}

TEST_CASE("text: a pattern meets a family if it matches one of its names") {
  CHECK(glob_meets_family("net.ipv4.conf.eth0.*", "net.ipv4.conf.*.rp_filter"));
  CHECK(glob_meets_family("*.rp_filter", "net.ipv4.conf.*.rp_filter"));
  CHECK(glob_meets_family("net.ipv4.conf.e?h*.rp*", "net.ipv4.conf.*.rp_filter"));
  CHECK(glob_meets_family("*", "a"));
  CHECK_FALSE(glob_meets_family("net.ipv6.*", "net.ipv4.conf.*.rp_filter"));
  CHECK_FALSE(glob_meets_family("net.ipv4.conf.*.rp_filtre", "net.ipv4.conf.*.rp_filter"));
  CHECK_FALSE(glob_meets_family("a.*.b.c", "a.*.c"));
  CHECK_FALSE(glob_meets_family("?", ""));
}

TEST_CASE("text: a command in backticks is not broken, so that it can be copied") {
  CHECK(wrapped("keep it by `sudo sysctl-advisor confirm` now", 20, "") ==
        "keep it by\n`sudo sysctl-advisor confirm`\nnow\n");
  CHECK(wrapped("(`a b`) and `c d`, as `x", 9, "") == "(`a b`)\nand\n`c d`, as\n`x\n");
}

}  // namespace advisor::text_test
