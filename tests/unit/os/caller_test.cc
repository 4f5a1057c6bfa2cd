#include "os/caller.h"

#include <doctest/doctest.h>

namespace advisor::caller_test {

using namespace std::string_literals;

TEST_CASE("caller: the name of a uid is that of the first line of passwd that has it") {
  const std::string passwd =
      "root:x:0:0::/root:/bin/sh\n# alice:x:1000\nalice:x:1000:1000:A:/:/bin/sh\nbob:x:1000:\nx\n";

  CHECK(name_of_uid(0, passwd) == "root");
  CHECK(name_of_uid(1000, passwd) == "alice");
  CHECK(name_of_uid(10, passwd).empty());
  CHECK(name_of_uid(1000, "").empty());
}

TEST_CASE("caller: the terminal that controls a process is found whatever the process is called") {
  CHECK(controlling_terminal("12 (a) b) S 1 12 12 34816 12 0") == "/dev/pts/0");
  CHECK(controlling_terminal("12 (sudo) S 1 12 12 34819 12 0") == "/dev/pts/3");
  CHECK(controlling_terminal("12 (sudo) S 1 12 12 35072 12 0") == "/dev/pts/256");
  CHECK(controlling_terminal("12 (sudo) S 1 12 12 1025 12 0") == "/dev/char/4:1");
  CHECK(controlling_terminal("12 (cron) S 1 12 12 0 -1 0").empty());
  CHECK(controlling_terminal("12 (cut").empty());
  CHECK(controlling_terminal("").empty());
}

TEST_CASE("caller: a command line is what a shell would take") {
  CHECK(command_text("sysctl-advisor\0apply\0--yes\0"s) == "sysctl-advisor apply --yes");
  CHECK(command_text("a\0\0it's\0two words\0"s) == "a '' 'it'\\''s' 'two words'");
  CHECK(command_text("").empty());
}

TEST_CASE("caller: a long command line is cut, but never within a character") {
  const std::string words = std::string(5000, 'x') + '\0';
  CHECK(command_text(words) == std::string(1021, 'x') + "...");

  for (const char* before : {"", "x", "xx"}) {
    std::string umlauts = before;
    for (int i = 0; i < 2000; ++i) umlauts += "\xc3\xa4";
    const std::string text = command_text(umlauts);
    CHECK(text.size() <= 1024);
    CHECK(text.size() >= 1022);
    const std::string kept = text.substr(0, text.size() - 3);
    CHECK(kept.back() == '\xa4');
  }
}

TEST_CASE("caller: of this process at least the command is known") {
  CHECK(identify_caller().command.find("unit_tests") != std::string::npos);
}

}  // namespace advisor::caller_test
