#include "collect/other_writers.h"

#include <doctest/doctest.h>

#include <array>

#include "support/builders.h"
#include "support/fake_kernel.h"
#include "support/memory_files.h"

namespace advisor::other_writers_test {
namespace {

using testing::name;
using Texts = testing::Lines;

struct SmallHost {
  /// What is said of one parameter.
  Texts on(const char* parameter) const {
    PersistentSettings settings;
    settings.others = read_other_settings(files, kernel, settings.others_unread);
    Texts lines;
    for (const OtherSetting& other : settings.others_on(name(parameter))) {
      lines.push_back(in_words(other, name(parameter)));
    }
    return lines;
  }

  testing::Steps steps;
  testing::FakeKernel kernel{steps};
  testing::MemoryFiles files{steps};
};

}  // namespace

TEST_CASE("other writers: a host without any has none") {
  const SmallHost host;

  std::vector<std::string> unread;
  CHECK(read_other_settings(host.files, host.kernel, unread).empty());
  CHECK(unread.empty());
}

TEST_CASE("other writers: TuneD is named with its profile, file and line") {
  SmallHost host;
  host.files.put("/etc/tuned/active_profile", "balanced\n");
  host.files.put("/usr/lib/tuned/balanced/tuned.conf", "[sysctl]\nvm.swappiness=10\n");

  CHECK(host.on("vm.swappiness") ==
        Texts{"TuneD profile balanced sets vm.swappiness = 10 "
              "(/usr/lib/tuned/balanced/tuned.conf:2) when it starts, before it applies "
              "/etc/sysctl.d again"});
}

TEST_CASE("other writers: ufw sets what its own file says, the last line of a parameter") {
  SmallHost host;
  host.kernel.set("net.ipv4.conf.eth0.rp_filter", "0");
  host.files.put("/etc/ufw/ufw.conf", "# ufw\nENABLED=yes\n");
  host.files.put("/etc/default/ufw", "IPV6=yes\nIPT_SYSCTL=/etc/ufw/sysctl.conf\n");
  host.files.put("/etc/ufw/sysctl.conf",
                 "net/ipv4/tcp_syncookies=1\n#net/ipv4/ip_forward=1\nnet/ipv4/tcp_syncookies=0\n"
                 "net/ipv4/conf/*/rp_filter=2\n");

  CHECK(host.on("net.ipv4.tcp_syncookies") ==
        Texts{"ufw sets net.ipv4.tcp_syncookies = 0 (/etc/ufw/sysctl.conf:3) when it starts or is "
              "reloaded"});
  CHECK(host.on("net.ipv4.conf.eth0.rp_filter").size() == 1);
  CHECK(host.on("net.ipv4.ip_forward") == Texts{});
}

TEST_CASE("other writers: ufw that is off, or has no file of parameters, sets nothing") {
  SmallHost host;
  host.files.put("/etc/ufw/ufw.conf", "ENABLED=no\n");
  host.files.put("/etc/default/ufw", "IPT_SYSCTL=/etc/ufw/sysctl.conf\n");
  host.files.put("/etc/ufw/sysctl.conf", "net/ipv4/tcp_syncookies=1\n");
  CHECK(host.on("net.ipv4.tcp_syncookies") == Texts{});

  host.files.put("/etc/ufw/ufw.conf", "ENABLED=yes\n");
  CHECK(host.on("net.ipv4.tcp_syncookies").size() == 1);
  host.files.put("/etc/default/ufw", "IPT_SYSCTL=\n");
  CHECK(host.on("net.ipv4.tcp_syncookies") == Texts{});
}

TEST_CASE("other writers: what a program only usually sets is said to be probable") {
  SmallHost host;
  host.files.put("/usr/lib/systemd/system/docker.service", "");

  CHECK(host.on("net.ipv4.ip_forward") ==
        Texts{"Docker probably sets net.ipv4.ip_forward = 1 "
              "(/usr/lib/systemd/system/docker.service is there) when it runs"});
  host.files.put("/etc/docker/daemon.json", "{\n  \"ip-forward\": false\n}\n");
  CHECK(host.on("net.ipv4.ip_forward") == Texts{});
}

TEST_CASE("other writers: kubelet that protects the kernel's defaults sets none of them") {
  SmallHost host;
  host.files.put("/var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\n");
  CHECK(host.on("vm.overcommit_memory").size() == 1);

  host.files.put("/var/lib/kubelet/config.yaml", "protectKernelDefaults: true\n");
  CHECK(host.on("vm.overcommit_memory") == Texts{});
}

TEST_CASE("other writers: a program is known by any of its files") {
  const std::vector<std::array<const char*, 3>> signs = {
      {"/var/lib/kube-proxy/config.conf", "net.netfilter.nf_conntrack_max", "kube-proxy"},
      {"/etc/cni/net.d/05-cilium.conflist", "net.ipv4.conf.all.rp_filter", "Cilium"},
      {"/run/NetworkManager/state", "net.ipv6.conf.eth0.accept_ra", "NetworkManager"},
      {"/run/systemd/netif/state", "net.ipv6.conf.eth0.accept_ra", "systemd-networkd"}};
  for (const auto& [file, parameter, program] : signs) {
    SmallHost host;
    host.files.put("/etc/systemd/network/a.network", "[Network]\nDHCP=yes\n");
    host.files.put(file, "");

    const Texts said = host.on(parameter);

    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with(std::string(program) + " probably sets "));
  }
}

TEST_CASE("other writers: cloud-init is named where its data mention a parameter") {
  SmallHost host;
  host.files.put("/var/lib/cloud/instance/user-data.txt",
                 "#cloud-config\nruncmd:\n  - sysctl -w net.core.somaxconn=4096\n"
                 "write_files:\n- path: /etc/sysctl.d/50-x.conf\n  content: |\n"
                 "    vm.swappiness = 10\n  # vm.dirty_ratio = 1\n");
  host.files.put("/etc/cloud/cloud.cfg.d/90_x.cfg", "bootcmd: ['sysctl kernel.panic=5']\n");

  CHECK(host.on("net.core.somaxconn") ==
        Texts{"cloud-init probably sets net.core.somaxconn = 4096 "
              "(/var/lib/cloud/instance/user-data.txt:3) when an instance is set up"});
  CHECK(host.on("vm.swappiness").size() == 1);
  CHECK(host.on("vm.dirty_ratio") == Texts{});
  CHECK(host.on("kernel.panic") ==
        Texts{"cloud-init probably sets kernel.panic = 5 (/etc/cloud/cloud.cfg.d/90_x.cfg:1) when "
              "an instance is set up"});
}

}  // namespace advisor::other_writers_test
