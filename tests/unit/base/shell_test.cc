#include "base/shell.h"

#include <doctest/doctest.h>

namespace advisor::shell_test {

TEST_CASE("shell: a text is one word, whatever is in it") {
  CHECK(shell_quoted("4096 131072") == "'4096 131072'");
  CHECK(shell_quoted("it's; $(reboot)") == "'it'\\''s; $(reboot)'");
  CHECK(shell_word("net.ipv4.conf.eth0/100.rp_filter") == "net.ipv4.conf.eth0/100.rp_filter");
  CHECK(shell_word("net.ipv4.conf.$(id).rp_filter") == "'net.ipv4.conf.$(id).rp_filter'");
  CHECK(shell_word("") == "''");
}

}  // namespace advisor::shell_test
