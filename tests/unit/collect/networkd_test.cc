#include "collect/networkd.h"

#include <doctest/doctest.h>

#include "support/builders.h"
#include "support/memory_files.h"

namespace advisor::networkd_test {
namespace {

using Texts = testing::Lines;

struct NetworkdHost {
  NetworkdHost() { files.put("/run/systemd/netif/state", ""); }

  /// "parameter = value (file:line)" of each setting that a line of a file says.
  Texts settings() const {
    Texts lines;
    for (const OtherSetting& setting : read_networkd_settings(files)) {
      if (setting.where.line == 0) continue;
      lines.push_back(setting.parameter + " = " + setting.value.value_or("?") + " (" +
                      to_text(setting.where) + ")" + (setting.certain ? "" : " probably"));
    }
    return lines;
  }

  testing::Steps steps;
  testing::MemoryFiles files{steps};
};

}  // namespace

TEST_CASE("networkd: where it neither runs nor is enabled its files do nothing") {
  NetworkdHost host;
  host.files.put("/etc/systemd/network/a.network", "[Network]\nIPv4Forwarding=yes\n");
  CHECK_FALSE(read_networkd_settings(host.files).empty());

  host.files.erase("/run/systemd/netif/state");
  CHECK(read_networkd_settings(host.files).empty());

  host.files.put("/etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "");
  CHECK_FALSE(read_networkd_settings(host.files).empty());
}

TEST_CASE("networkd: settings of an interface are parameters of that interface") {
  NetworkdHost host;
  host.files.put("/etc/systemd/network/a.network",
                 "[Match]\nName=eth0.100\n[Network]\nIPv4ReversePathFilter=loose\n"
                 "IPv6PrivacyExtensions=yes\nIPv6HopLimit=64\nIPv4ProxyARP=perhaps\n");

  CHECK(host.settings() ==
        Texts{"net.ipv4.conf.eth0/100.rp_filter = 2 (/etc/systemd/network/a.network:4)",
              "net.ipv6.conf.eth0/100.use_tempaddr = 2 (/etc/systemd/network/a.network:5)",
              "net.ipv6.conf.eth0/100.hop_limit = 64 (/etc/systemd/network/a.network:6)",
              "net.ipv4.conf.eth0/100.proxy_arp = ? (/etc/systemd/network/a.network:7)"});
}

TEST_CASE("networkd: a file for several interfaces is a pattern, which all and default are not") {
  NetworkdHost host;
  host.files.put("/etc/systemd/network/a.network",
                 "[Match]\nName=en*\n[Network]\nIPv6HopLimit=64\n");
  PersistentSettings settings;
  settings.others = read_networkd_settings(host.files);

  CHECK(settings.others_on(testing::name("net.ipv6.conf.enp1s0.hop_limit")).size() == 1);
  CHECK(settings.others_on(testing::name("net.ipv6.conf.all.hop_limit")).empty());
  CHECK(settings.others_on(testing::name("net.ipv6.conf.default.hop_limit")).empty());
}

TEST_CASE("networkd: a file of the same name is masked by the higher directory") {
  NetworkdHost host;
  host.files.put("/etc/systemd/network/a.network", "");
  host.files.put("/usr/lib/systemd/network/a.network", "[Network]\nIPv6HopLimit=64\n");

  CHECK(host.settings() == Texts{});
}

TEST_CASE("networkd: forwarding of the whole host is found, the older spelling as probable") {
  NetworkdHost host;
  host.files.put("/etc/systemd/networkd.conf", "[Network]\nIPv4Forwarding=yes\n");
  host.files.put("/etc/systemd/network/a.network", "[Network]\nIPForward=ipv4\n");
  host.files.put("/etc/systemd/network/b.network", "[Network]\nIPMasquerade=ipv6\n");

  CHECK(host.settings() ==
        Texts{"net.ipv4.conf.all.forwarding = 1 (/etc/systemd/networkd.conf:2)",
              "net.ipv4.conf.default.forwarding = 1 (/etc/systemd/networkd.conf:2)",
              "net.ipv4.ip_forward = 1 (/etc/systemd/networkd.conf:2)",
              "net.ipv4.ip_forward = 1 (/etc/systemd/network/a.network:2) probably",
              "net.ipv6.conf.all.forwarding = 1 (/etc/systemd/network/b.network:2) probably"});
}

TEST_CASE("networkd: what it sets for every interface of its own is named as usual") {
  NetworkdHost host;
  host.files.put("/etc/systemd/network/a.network", "[Match]\nName=eth0\n");

  const auto settings = read_networkd_settings(host.files);

  REQUIRE(settings.size() == 2);
  CHECK(settings[0].parameter == "net.ipv6.conf.eth0.accept_ra");
  CHECK_FALSE(settings[0].certain);
}

}  // namespace advisor::networkd_test
