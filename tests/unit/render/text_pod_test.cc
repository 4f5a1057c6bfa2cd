#include "render/text_pod.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::text_pod_test {
namespace {

/// What a report says that advises these and leaves out those.
std::string pod(const std::vector<std::pair<const char*, const char*>>& advised,
                const std::vector<std::pair<const char*, const char*>>& left_out = {}) {
  Finding finding;
  finding.verdict = Verdict::kViolated;
  for (const auto& [parameter, value] : advised) {
    Recommendation wanted;
    wanted.parameter = testing::name(parameter);
    wanted.advised = testing::value(value);
    finding.recommendations.push_back(wanted);
  }
  for (const auto& [parameter, value] : left_out) {
    LeftOut one;
    one.parameter = testing::name(parameter);
    one.advised = testing::value(value);
    finding.left_out.push_back(one);
  }
  Report report;
  report.findings.push_back(finding);
  return text_pod(report, testing::shipped_catalogue(), {});
}

}  // namespace

TEST_CASE("text pod: what the kubelet lets any pod set is told from what it has to be told of") {
  CHECK(pod({{"net.ipv4.tcp_fin_timeout", "60"}, {"net.ipv4.tcp_sack", "1"}}) ==
        "As a pod\n"
        "  securityContext:\n"
        "    sysctls:\n"
        "    - name: net.ipv4.tcp_fin_timeout\n"
        "      value: \"60\"  # safe since Kubernetes 1.29\n"
        "    - name: net.ipv4.tcp_sack\n"
        "      value: \"1\"  # unsafe: the kubelet needs --allowed-unsafe-sysctls\n"
        "As options of a container engine\n"
        "  --sysctl 'net.ipv4.tcp_fin_timeout=60'\n"
        "  --sysctl 'net.ipv4.tcp_sack=1'\n");
}

TEST_CASE("text pod: what a container cannot set by itself is what its pod is for") {
  const std::string text = pod({}, {{"net.ipv4.ip_local_port_range", "15000 60999"}});

  CHECK(text.find("--sysctl 'net.ipv4.ip_local_port_range=15000 60999'") != std::string::npos);
}

TEST_CASE("text pod: a parameter of the whole host is no matter of a pod") {
  CHECK(pod({{"vm.swappiness", "10"}, {"net.core.rmem_max", "212992"}}) == "");
}

}  // namespace advisor::text_pod_test
