#include "lint/lint.h"

#include <doctest/doctest.h>

#include "lint/repaired.h"
#include "lint_host.h"

namespace advisor::lint_test {
namespace {

using testing::LintHost;
using Texts = testing::Lines;

constexpr const char* kFile = "/etc/sysctl.d/90-tuning.conf";

LintHost host_with(const std::string& text, const std::string& path = kFile) {
  LintHost host;
  host.add_judged(path, text);
  return host;
}

const LintRemark& only_remark(const std::vector<LintRemark>& remarks) {
  REQUIRE(remarks.size() == 1);
  return remarks.front();
}

}  // namespace

TEST_CASE("lint: a line that is no assignment is told with what was meant") {
  const auto action = [](const std::string& line) {
    return only_remark(host_with(line + "\n").remarks()).action;
  };
  CHECK(action("net.core.somaxconn: 4096") == "net.core.somaxconn = 4096");
  CHECK(action("net.core.somaxconn 4096") == "net.core.somaxconn = 4096");
  CHECK(action("echo 10 > /proc/sys/vm/swappiness") == "vm.swappiness = 10");
  CHECK(action("sudo sysctl -w vm.swappiness=10") == "vm.swappiness = 10");
  CHECK(action("/proc/sys/vm/swappiness = 10") == "vm/swappiness = 10");
  CHECK(action("EOF") == "delete the line");
  CHECK(action("[Service]") == "delete the line");
  CHECK(action("{% if x %}") == "lint the file as it is rendered");
}

TEST_CASE("lint: characters that nobody sees, and line ends of others, are told or passed over") {
  CHECK(host_with("\u200bvm.swappiness = 10\n").said() ==
        Texts{"1 error unknown-key invisible-character"});
  CHECK(host_with("vm.swappiness = 10\r\nvm.page-cluster = 0\r\n").said() == Texts{});
  CHECK(host_with("\xEF\xBB\xBFvm.swappiness = 10\n").said() ==
        Texts{"1 error syntax invisible-character"});
  CHECK(host_with("vm.swappiness = 10\n\xEF\xBB\xBFvm.page-cluster = 0\n").said() ==
        Texts{"2 error unknown-key invisible-character"});
}

TEST_CASE(
    "lint: what the kernel refuses is told with what it takes, and mended where that is sure") {
  const auto remarks = host_with("net.core.somaxconn = '65535'\n").remarks();
  CHECK(only_remark(remarks).verdict == LintVerdict::kNeverTaken);
  CHECK(only_remark(remarks).action == "net.core.somaxconn = 65535");
  CHECK(host_with("net.ipv4.ip_forward = ${FORWARD}\n").said() ==
        Texts{"1 error never-taken template"});
}

TEST_CASE("lint: a range of an older kernel counts for that kernel") {
  const LintHost host = host_with("vm.swappiness = 180\n");
  CHECK(host.said("5.4") == Texts{"1 error never-taken never-taken"});
  CHECK(host.said("5.14") == Texts{});
}

TEST_CASE("lint: a file for several kernels says for which each remark holds") {
  const LintHost host = host_with("net.ipv4.tcp_fack = 1\n");
  const auto merged =
      with_kernels_merged({host.remarks("4.9"), host.remarks("5.4"), host.remarks("6.12")});
  REQUIRE(merged.size() == 2);
  CHECK(merged[0].rule == "default");
  CHECK(merged[0].kernels == std::vector<std::string>{"4.9"});
  CHECK(merged[1].rule == "inert");
  CHECK(merged[1].kernels == std::vector<std::string>{"5.4", "6.12"});
}

TEST_CASE("lint: a loader that does not read a file is told, and the other one is not") {
  LintHost host = host_with("vm.swappiness = 10\n", "/etc/sysctl.conf");
  CHECK(host.said() == Texts{"1 warning no-effect unread-file"});
  host.loader = SysctlLoader::kProcps;
  CHECK(host.said() == Texts{});
}

TEST_CASE("lint: lines of other files, and other names, decide over a line") {
  LintHost host = host_with("net.ipv4.ip_forward = 1\nvm.swappiness = 10\n");
  host.add("/etc/sysctl.d/95-x.conf", "net.ipv4.conf.all.forwarding = 0\nvm.swappiness = 10\n");
  CHECK(host.said() == Texts{"1 warning overridden overridden"});
}

TEST_CASE("lint: a line that the kernel refuses overrides nothing where others are written too") {
  const std::string refused = "vm.swappiness = 10\nvm.swappiness = 10%\n";
  LintHost host = host_with(refused);
  CHECK(host.said() == Texts{"1 warning overridden overridden", "2 error never-taken never-taken"});
  host.loader = SysctlLoader::kProcps;
  CHECK(host.said() == Texts{"2 error never-taken never-taken"});
  CHECK(host_with("vm.dirty_ratio = 15\nvm.dirty_bytes = 100\n").said() ==
        Texts{"2 error never-taken never-taken"});
}

TEST_CASE("lint: a line is repeated in vain only if nothing between the two undoes the first") {
  LintHost host =
      host_with("vm.dirty_ratio = 10\nvm.dirty_bytes = 104857600\nvm.dirty_ratio = 10\n");
  host.loader = SysctlLoader::kProcps;
  CHECK(host.said() == Texts{"2 warning overridden overridden"});
}

TEST_CASE("lint: a parameter that another one moves only if it has to is left alone") {
  CHECK(host_with("net.ipv4.tcp_allowed_congestion_control = reno cubic bbr\n"
                  "net.ipv4.tcp_congestion_control = bbr\n")
            .said() == Texts{});
}

TEST_CASE("lint: of what is not carried out no effect is told") {
  CHECK(host_with("net.core.rmem_max = 0\n").said() == Texts{"1 error never-taken never-taken"});
  LintHost container = host_with("vm.swappiness = 0\n");
  container.container = true;
  CHECK(container.said() == Texts{"1 error never-taken not-in-container"});
}

TEST_CASE("lint: of a module that the catalogue knows little of, nothing is claimed") {
  CHECK(host_with("net.tipc.named_timeout = 1\nnet.rxrpc.soft_ack_delay = 4\n").said() ==
        Texts{"1 note not-at-boot not-in-catalogue", "2 note not-at-boot not-in-catalogue"});
}

TEST_CASE("lint: a file of which nobody knows what is loaded with it is judged quietly") {
  LintHost host = host_with("net.bridge.bridge-nf-call-iptables = 0\n");
  CHECK(host.said() == Texts{"1 warning not-at-boot module-is-late"});
  host.files.configuration.modules.reset();
  CHECK(host.said() == Texts{"1 note not-at-boot module-is-late"});
}

TEST_CASE("lint: a file of a package is never loud, and judged by no taste") {
  const LintHost host = host_with("net.ipv4.tcp_timestamps = 0\nnet.ipv4.tcp_tw_recycle = 1\n",
                                  "/usr/lib/sysctl.d/50-x.conf");
  for (const LintRemark& remark : host.remarks()) {
    CHECK(remark.severity == LintSeverity::kNote);
    CHECK(remark.verdict == LintVerdict::kNoEffect);
  }
}

TEST_CASE("lint: a comment with a rule and a reason leaves a remark out, and none else") {
  const LintHost host = host_with(
      "# sysctl-advisor: ignore[timestamps-off] the appliance behind it cannot do otherwise\n"
      "net.ipv4.tcp_timestamps = 0\n"
      "# sysctl-advisor: ignore[sack-off]\n"
      "net.ipv4.tcp_sack = 0\n"
      "# sysctl-advisor: ignore[sack-off] of another line\n"
      "net.ipv4.tcp_window_scaling = 0\n");
  size_t ignored = 0;
  for (const LintRemark& remark : host.remarks()) {
    if (!remark.ignored_because) continue;
    ++ignored;
    CHECK(remark.where.line == 2);
    CHECK(*remark.ignored_because == "the appliance behind it cannot do otherwise");
  }
  CHECK(ignored == 1);
}

TEST_CASE("lint: the patch takes out what is dead for every kernel, and nothing else") {
  const std::string text =
      "# a\nnet.ipv4.tcp_fack = 1\nnet.ipv4.tcp_tw_recycle = 0\n"
      "vm.swappiness = 10\nvm.swappiness = 10\nvm.dirty_ratio = 10";
  const LintHost host = host_with(text);
  LintReport report;
  report.kernels = {"6.1", "6.12"};
  report.remarks = with_kernels_merged({host.remarks("6.1"), host.remarks("6.12")});
  CHECK(repaired({kFile, {}, text}, report) == "# a\nvm.swappiness = 10\nvm.dirty_ratio = 10");
  report.kernels = {"4.9", "6.12"};
  report.remarks = with_kernels_merged({host.remarks("4.9"), host.remarks("6.12")});
  CHECK(repaired({kFile, {}, text}, report) ==
        "# a\nnet.ipv4.tcp_fack = 1\nnet.ipv4.tcp_tw_recycle = 0\nvm.swappiness = 10\n"
        "vm.dirty_ratio = 10");
}

}  // namespace advisor::lint_test
