#include "os/host_identity.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace advisor::host_identity_test {
namespace {

/// The exit status of a child that does `work`.
int status_of(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int how = 0;
  waitpid(child, &how, 0);
  return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/// Leaves room for `files` more that are open at a time.
void leave_descriptors(unsigned files) {
  const int lowest = dup(STDIN_FILENO);
  close(lowest);
  struct rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = rlim_t(lowest) + files;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

TEST_CASE("identity: network namespaces are compared by what is known of both") {
  CHECK(may_be_same_namespace("4:1000", "4:1000"));
  CHECK(may_be_same_namespace("4:1000", "4:0"));
  CHECK(may_be_same_namespace("4:0", "4:1000"));
  CHECK(may_be_same_namespace("4", "4:1000"));
  CHECK_FALSE(may_be_same_namespace("4:1000", "4:1001"));
  CHECK_FALSE(may_be_same_namespace("4:1000", "5:1000"));
  CHECK_FALSE(may_be_same_namespace("4:0", "5:0"));
}

TEST_CASE("identity: of this process it is whole, and the same each time") {
  const auto one = identify_host();
  const auto other = identify_host("", Identity::kAsFarKnown);

  REQUIRE(one);
  REQUIRE(other);
  CHECK(*one == *other);
  CHECK(may_be_same_namespace(one->network_namespace, other->network_namespace));
}

TEST_CASE("identity: without a descriptor for a socket it cannot be told") {
  // The boot id is read first, so one descriptor is enough for all but both at once.
  CHECK(status_of([] {
          leave_descriptors(0);
          return identify_host() ? 1 : 0;
        }) == 0);
}

}  // namespace advisor::host_identity_test
