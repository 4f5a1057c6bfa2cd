#include "os/watchdog.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace advisor::watchdog_test {
namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("watchdog: systemd is asked to run recover when the time is over, to the second") {
  const auto command = timer_command({"unit-1", std::chrono::milliseconds(1500), "", {}},
                                     "/usr/sbin/sysctl-advisor");

  CHECK(command.front() == "/usr/bin/systemd-run");
  CHECK(has(command, "--unit=unit-1"));
  CHECK(has(command, "--on-active=1500ms"));
  CHECK(has(command, "--timer-property=AccuracySec=100ms"));
  CHECK(std::vector<std::string>(command.end() - 4, command.end()) ==
        std::vector<std::string>{"/usr/sbin/sysctl-advisor", "recover", "--wait", "0"});
}

TEST_CASE("watchdog: the process of its own gets a control group of its own from systemd") {
  const auto command =
      scope_command({"unit-1", std::chrono::seconds(60), "/copy", {}}, "/usr/sbin/sysctl-advisor");

  CHECK(command.front() == "/usr/bin/systemd-run");
  CHECK(has(command, "--scope"));
  CHECK(has(command, "--unit=unit-1"));
  CHECK(std::vector<std::string>(command.end() - 6, command.end()) ==
        std::vector<std::string>{"/usr/sbin/sysctl-advisor", "recover", "--wait", "60000ms",
                                 "--root", "/copy"});
}

TEST_CASE("watchdog: a process of its own waits itself, for the same tree") {
  CHECK(process_command({"unit-1", std::chrono::seconds(60), "", {}}, "/bin/x") ==
        std::vector<std::string>{"/bin/x", "recover", "--wait", "60000ms"});
  CHECK(process_command({"unit-1", std::chrono::seconds(60), "/copy", {}}, "/bin/x") ==
        std::vector<std::string>{"/bin/x", "recover", "--wait", "60000ms", "--root", "/copy"});
}

}  // namespace advisor::watchdog_test
