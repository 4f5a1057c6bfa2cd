#include "os/network_namespace.h"

#include <doctest/doctest.h>

#include "model/transaction.h"
#include "support/temporary_directory.h"

namespace advisor::network_namespace_test {
namespace {

using testing::TemporaryDirectory;

/// Why it was not entered.
Error refusal(const std::string& name, const std::vector<std::string>& places) {
  const Status entered = enter_network_namespace(name, places);
  REQUIRE_FALSE(entered);
  return entered.error();
}

}  // namespace

TEST_CASE("network namespaces: a name never becomes a path") {
  const TemporaryDirectory directory;
  directory.put("secret", "x");
  const std::string places = directory.path() + "/netns";

  for (const char* name : {"", ".", "..", "../secret", "a/b", "/proc/1/ns/net", "a\nb", "-1"}) {
    CAPTURE(name);
    const Error error = refusal(name, {places});
    const bool known_form = std::string(name) == "-1";
    CHECK(error.kind == (known_form ? ErrorKind::kNotFound : ErrorKind::kRejected));
  }
}

TEST_CASE("network namespaces: one that does not exist is named with the nearest that does") {
  const TemporaryDirectory directory;
  directory.put("blue", "");

  CHECK(refusal("bleu", {directory.path() + "/none", directory.path()}).message ==
        "there is no network namespace \"bleu\": did you mean \"blue\"?");
  CHECK(refusal("something", {directory.path()}).message ==
        "there is no network namespace \"something\"; `ip netns list` names them");
}

TEST_CASE("network namespaces: all of them are not entered at once") {
  const TemporaryDirectory directory;
  directory.put("all", "");

  CHECK(refusal("all", {directory.path()}).message ==
        "network namespaces are entered one at a time: name one, not \"all\"");
}

TEST_CASE("network namespaces: a process that is gone is said to be gone") {
  const Error error = refusal("4194305", {});  // above the largest number a process can have

  CHECK(error.kind == ErrorKind::kNotFound);
  CHECK(error.message == "there is no process 4194305 (any more)");
}

TEST_CASE("network namespaces: a file that is none is refused") {
  const TemporaryDirectory directory;
  directory.put("blue", "");

  const Error error = refusal("blue", {directory.path()});

  CHECK(error.message.find("blue") != std::string::npos);
  CHECK((error.kind == ErrorKind::kRejected || error.kind == ErrorKind::kDenied));
}

TEST_CASE("network namespaces: a directory in which others can put names is not used") {
  if (geteuid() != 0) {
    MESSAGE("skipped: only root can tell files of root from others");
    return;
  }
  const TemporaryDirectory directory;
  directory.put("netns/blue", "");
  const std::string place = directory.path() + "/netns";
  REQUIRE(chmod(place.c_str(), 0777) == 0);

  CHECK(refusal("blue", {place}).message.find("somebody else than root") != std::string::npos);
}

TEST_CASE("network namespaces: commands are shown as a shell takes them") {
  CHECK(command_in_namespace("").empty());
  CHECK(command_in_namespace("blue") == "ip netns exec blue ");
  CHECK(command_in_namespace("it's") == "ip netns exec 'it'\\''s' ");
  CHECK(command_in_namespace("4711") == "nsenter --net --target 4711 ");
  CHECK(netns_option("").empty());
  CHECK(netns_option("blue") == " --netns blue");
}

}  // namespace advisor::network_namespace_test
