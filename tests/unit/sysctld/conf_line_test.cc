#include "sysctld/conf_line.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace advisor::conf_line_test {
namespace {

/// The lines as one loader reads them: "key=value", "-key=value", or "-key".
std::vector<std::string> lines_for(SysctlLoader loader, std::string_view text) {
  std::vector<std::string> lines;
  for (const ConfLine& line : parse_conf_text("x.conf", text).lines) {
    if (!line.read_by.has(loader)) continue;
    lines.push_back((line.ignores_errors ? "-" : "") + line.key +
                    (line.value ? "=" + *line.value : ""));
  }
  return lines;
}

using Lines = std::vector<std::string>;

Lines systemd(std::string_view text) {
  return lines_for(SysctlLoader::kSystemd, text);
}

Lines procps(std::string_view text) {
  return lines_for(SysctlLoader::kProcps, text);
}

/// What both read; fails if they differ.
Lines both(std::string_view text) {
  CHECK(systemd(text) == procps(text));
  return systemd(text);
}

}  // namespace

TEST_CASE(
    "conf line: blanks around parameter and value do not count, comments and blank lines go") {
  CHECK(both("# a = 1\n ; b = 2\n\n \t\n  net.core.somaxconn \t=  4096 \n") ==
        Lines{"net/core/somaxconn=4096"});
  CHECK(both("net.core.somaxconn=1") == Lines{"net/core/somaxconn=1"});
  CHECK(both("net.core.somaxconn=1\r\n") == Lines{"net/core/somaxconn=1"});
  CHECK(both("") == Lines{});
}

TEST_CASE("conf line: all behind the first equals sign is the value") {
  CHECK(both("a.b = 1 # no comment") == Lines{"a/b=1 # no comment"});
  CHECK(both("a.b = \"1\"") == Lines{"a/b=\"1\""});
  CHECK(both("a.b = c=d  e\t f") == Lines{"a/b=c=d  e\t f"});
  CHECK(both("a.b = 4096 \\\n") == Lines{"a/b=4096 \\"});
  CHECK(both("a.b =") == Lines{"a/b="});
}

TEST_CASE("conf line: the first separator tells what separates") {
  CHECK(both("net.ipv4.conf.eth0/100.rp_filter=1") == Lines{"net/ipv4/conf/eth0.100/rp_filter=1"});
  CHECK(both("net/ipv4/conf/eth0.100/rp_filter=1") == Lines{"net/ipv4/conf/eth0.100/rp_filter=1"});
  CHECK(both("net.ipv4.conf.eth0.100.rp_filter=1") == Lines{"net/ipv4/conf/eth0/100/rp_filter=1"});
  CHECK(both("net.ipv4/conf.all=1") == Lines{"net/ipv4.conf/all=1"});
}

TEST_CASE("conf line: separators in front and doubled ones do not count") {
  CHECK(both("/net/core/somaxconn=1") == Lines{"net/core/somaxconn=1"});
  CHECK(both(".net.core.somaxconn=1") == Lines{"net/core/somaxconn=1"});
  CHECK(both("net..core.somaxconn=1") == Lines{"net/core/somaxconn=1"});
  CHECK(both("/proc/sys/net/core/somaxconn=1") == Lines{"proc/sys/net/core/somaxconn=1"});
}

TEST_CASE("conf line: a dash has errors ignored, or without a value excludes from globs") {
  CHECK(both("-net.core.somaxconn = 1") == Lines{"-net/core/somaxconn=1"});
  CHECK(both("-net.ipv4.conf.lo.rp_filter") == Lines{"-net/ipv4/conf/lo/rp_filter"});
  CHECK(both("net.ipv4.conf.*.rp_filter = 1") == Lines{"net/ipv4/conf/*/rp_filter=1"});
}

TEST_CASE("conf line: a blank behind the dash is part of the name for procps") {
  CHECK(systemd("- net.core.somaxconn = 1") == Lines{"-net/core/somaxconn=1"});
  CHECK(procps("- net.core.somaxconn = 1") == Lines{"- net/core/somaxconn=1"});
  CHECK_FALSE(parameter_of(" net/core/somaxconn"));
}

TEST_CASE("conf line: a second dash is part of the name for systemd") {
  CHECK(systemd("--net.core.somaxconn = 1") == Lines{"--net/core/somaxconn=1"});
  CHECK(procps("--net.core.somaxconn = 1") == Lines{"-net/core/somaxconn=1"});
}

TEST_CASE("conf line: a lone carriage return ends a line for systemd only") {
  CHECK(systemd("a.b = 1\rc.d = 2\n") == Lines{"a/b=1", "c/d=2"});
  CHECK(procps("a.b = 1\rc.d = 2\n") == Lines{"a/b=1\rc.d = 2"});
}

TEST_CASE("conf line: behind a NUL systemd begins a new line, and procps reads no further") {
  const std::string text = std::string("a.b = 1\0c.d = 2\n", 16) + "e.f = 3\n";

  CHECK(systemd(text) == Lines{"a/b=1", "c/d=2", "e/f=3"});
  CHECK(procps(text) == Lines{"a/b=1", "e/f=3"});
}

TEST_CASE("conf line: a form feed is a blank for procps only") {
  CHECK(procps("\fa.b\v=1") == Lines{"a/b=1"});
  CHECK(systemd("\fa.b\v=1") == Lines{"\fa/b\v=1"});
}

TEST_CASE("conf line: a separator at the end does no harm under systemd only") {
  CHECK(systemd("net.core.somaxconn. = 1") == Lines{"net/core/somaxconn=1"});
  CHECK(procps("net.core.somaxconn. = 1") == Lines{"net/core/somaxconn/=1"});
  CHECK_FALSE(parameter_of("net/core/somaxconn/"));
}

TEST_CASE("conf line: the way over a parent directory is left to the kernel") {
  CHECK(procps("net/ipv4/../core/somaxconn=1") == Lines{"net/ipv4/../core/somaxconn=1"});
  CHECK(systemd("net/ipv4/../core/somaxconn=1") == Lines{"net/ipv4/../core/somaxconn=1"});
  CHECK_FALSE(parameter_of("net/ipv4/../core/somaxconn"));
}

TEST_CASE("conf line: what is no assignment is remarked once, with its place") {
  const ConfText parsed = parse_conf_text("/etc/sysctl.d/x.conf", "a.b = 1\nnonsense\n= 5\n-\n");

  REQUIRE(parsed.malformed.size() == 3);
  CHECK(parsed.malformed[0].where == SourceLocation{"/etc/sysctl.d/x.conf", 2, 0});
  CHECK(parsed.malformed[0].message == "this line is no `parameter = value` and is skipped");
  CHECK(parsed.malformed[1].message == "this line names no parameter and is skipped");
  CHECK(parsed.malformed[1].where.line == 3);
  CHECK(parsed.malformed[2].where.line == 4);
  REQUIRE(parsed.lines.size() == 1);
  CHECK(parsed.lines[0].line == 1);
}

TEST_CASE("conf line: a byte order mark takes the first line with it") {
  const ConfText parsed = parse_conf_text("x.conf",
                                          "\xEF\xBB\xBF"
                                          "a.b = 1\nc.d = 2\n");

  REQUIRE(parsed.malformed.size() == 1);
  CHECK(parsed.malformed[0].where.line == 1);
  REQUIRE(parsed.lines.size() == 2);
  CHECK_FALSE(parameter_of(parsed.lines[0].key));
  CHECK(parsed.lines[1].key == "c/d");
}

TEST_CASE("conf line: a key is a parameter only if it could be one") {
  CHECK(parameter_of("net/ipv4/conf/eth0.100/rp_filter")->dotted() ==
        "net.ipv4.conf.eth0/100.rp_filter");
  CHECK_FALSE(parameter_of("somaxconn"));
  CHECK_FALSE(parameter_of("net.ipv4/conf"));
  CHECK_FALSE(parameter_of("net/core/some thing"));
}

TEST_CASE("conf line: braces are expanded one in another") {
  CHECK(with_braces_expanded("a/*") == Lines{"a/*"});
  CHECK(with_braces_expanded("{a,b}/*") == Lines{"a/*", "b/*"});
  CHECK(with_braces_expanded("a{1,2{x,y}}{,z}") ==
        Lines{"a1", "a1z", "a2x", "a2xz", "a2y", "a2yz"});
  CHECK(with_braces_expanded("a{b") == Lines{"a{b"});
}

TEST_CASE("conf line: braces that would come to more than anybody means stay as they are") {
  std::string doubling;
  for (int i = 0; i < 30; ++i) doubling += "{a,b}";
  CHECK(with_braces_expanded(doubling) == std::vector<std::string>{doubling});
  const std::string nested = std::string(30000, '{') + "," + std::string(30000, '}');
  CHECK(with_braces_expanded(nested) == std::vector<std::string>{nested});
  CHECK(with_braces_expanded("x{a,b{c,d}}y") == std::vector<std::string>{"xay", "xbcy", "xbdy"});
}

}  // namespace advisor::conf_line_test
