#include "os/network_namespaces.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

namespace advisor::network_namespaces_test {

TEST_CASE("network namespaces: a container is known by the id in its control group") {
  const std::string id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  CHECK(container_of_cgroup("0::/system.slice/docker-" + id + ".scope\n") == "0123456789ab");
  CHECK(container_of_cgroup("0::/kubepods.slice/pod1/cri-containerd-" + id + ".scope") ==
        "0123456789ab");
  CHECK(container_of_cgroup("1:cpu:/docker/" + id + "\n0::/\n") == "0123456789ab");
  CHECK(container_of_cgroup("0::/user.slice/user-0.slice/session-1.scope\n").empty());
  CHECK(container_of_cgroup("0::/x-" + id + "0.scope\n").empty());
  CHECK(container_of_cgroup("").empty());
}

TEST_CASE("network namespaces: each is listed once, that of this process first") {
  const auto listed = list_network_namespaces({"/nowhere"});

  REQUIRE(listed);
  const std::vector<NetworkNamespace>& namespaces = *listed;
  REQUIRE_FALSE(namespaces.empty());
  CHECK(namespaces[0].pid > 0);
  CHECK(namespaces[0].pid <= getpid());
  CHECK(namespaces[0].entry() == std::to_string(namespaces[0].pid));
  for (const NetworkNamespace& one : namespaces) {
    CHECK(std::count_if(namespaces.begin(), namespaces.end(), [&](const NetworkNamespace& other) {
            return other.inode == one.inode;
          }) == 1);
  }
}

}  // namespace advisor::network_namespaces_test
