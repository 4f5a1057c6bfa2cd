#include "collect/module_loading.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "support/builders.h"
#include "support/memory_files.h"

namespace advisor::module_loading_test {
namespace {

struct SmallHost {
  SmallHost() { files.put("/proc/sys/kernel/modprobe", "/sbin/modprobe\n"); }

  /// "module by file:line" of each.
  testing::Lines in_time() const {
    testing::Lines lines;
    const auto modules = read_module_loading(files);
    REQUIRE(modules);
    for (const auto& [module, where] : modules->in_time) {
      lines.push_back(module + " by " + to_text(where));
    }
    return lines;
  }

  testing::Steps steps;
  testing::MemoryFiles files{steps};
};

}  // namespace

TEST_CASE("module loading: modules-load.d names modules, a file masks those of its name") {
  SmallHost host;
  host.files.put("/etc/modules-load.d/a.conf", "# c\n\n nf-conntrack \n;x\n");
  host.files.put("/usr/lib/modules-load.d/a.conf", "br_netfilter\n");
  host.files.put("/run/modules-load.d/b.conf", "sctp\n");
  host.files.put("/run/modules-load.d/b.txt", "rds\n");

  CHECK(host.in_time() == testing::Lines{"nf_conntrack by /etc/modules-load.d/a.conf:3",
                                         "sctp by /run/modules-load.d/b.conf:1"});
}

TEST_CASE("module loading: the command line of the kernel names modules as well") {
  SmallHost host;
  host.files.put("/proc/cmdline", "ro modules-load=sctp rd.modules_load=rds,nf_conntrack quiet\n");

  CHECK(host.in_time() == testing::Lines{"nf_conntrack by /proc/cmdline", "rds by /proc/cmdline",
                                         "sctp by /proc/cmdline"});
}

TEST_CASE("module loading: a rule of udev that carries files out again makes a module count") {
  SmallHost host;
  host.files.put("/etc/udev/rules.d/99-bridge.rules",
                 "# SUBSYSTEM==\"module\", KERNEL==\"rds\", RUN+=\"systemd-sysctl\"\n"
                 "ACTION==\"add\", SUBSYSTEM==\"module\", KERNEL==\"br_netfilter\", \\\n"
                 "ACTION==\"add\", SUBSYSTEM==\"module\", KERNEL==\"br_netfilter\", "
                 "RUN+=\"/lib/systemd/systemd-sysctl --prefix=/net/bridge\"\n"
                 "SUBSYSTEM==\"net\", KERNEL==\"eth0\", RUN+=\"systemd-sysctl\"\n");

  CHECK(host.in_time() == testing::Lines{"br_netfilter by /etc/udev/rules.d/99-bridge.rules:3"});
}

TEST_CASE("module loading: what is loaded now is known with those that need it") {
  SmallHost host;
  host.files.put("/proc/modules",
                 "nf_nat 57344 1 nft_chain_nat, Live 0x0\n"
                 "nf_conntrack 200704 2 nf_nat,nft_ct, Live 0x0\nnft_ct 16384 3 - Live 0x0\n");
  host.files.put("/etc/modules-load.d/a.conf", "nft_chain_nat\n");

  const auto modules = read_module_loading(host.files);

  REQUIRE(modules);
  REQUIRE(modules->loaded);
  CHECK(modules->loaded->at("nf_conntrack") == testing::Lines{"nf_nat", "nft_ct"});
  CHECK(modules->loaded->at("nft_ct").empty());
  CHECK(modules->is_in_time("nf_conntrack", true));
  CHECK_FALSE(modules->is_in_time("nft_ct", true));
  CHECK(modules->is_in_time("br_netfilter", true));  // built in: it is there and not loaded
  CHECK_FALSE(modules->is_in_time("br_netfilter", false));
}

TEST_CASE("module loading: what cannot be read may name any module, so nothing is told") {
  SmallHost host;
  host.files.put("/etc/modules-load.d/a.conf", "nf_conntrack\n");
  CHECK(read_module_loading(host.files));

  for (const int error : {EIO, EACCES}) {
    host.files.make_unreadable("/etc/modules-load.d/a.conf", error);
    CHECK_FALSE(read_module_loading(host.files));
  }
}

TEST_CASE("module loading: modules that need each other in a circle come to an end") {
  ModuleLoading modules;
  modules.loaded.emplace();
  (*modules.loaded)["a"] = {"b"};
  (*modules.loaded)["b"] = {"a"};

  CHECK_FALSE(modules.is_in_time("a", true));
}

TEST_CASE("module loading: neither a container nor a kernel without modules has any to tell of") {
  SmallHost container;
  container.files.put("/run/systemd/container", "docker\n");
  CHECK_FALSE(read_module_loading(container.files));

  SmallHost without;
  without.files.erase("/proc/sys/kernel/modprobe");
  CHECK_FALSE(read_module_loading(without.files));
}

}  // namespace advisor::module_loading_test
