#include "boot/boot_run.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "boot/boot_lines.h"
#include "model/side_writes.h"
#include "support/builders.h"

namespace advisor::boot_run_test {
namespace {

using testing::name;
using testing::value;

constexpr SysctlLoaders kBoth{true, true};

/// Files of a host, their lines in the order in which they are read; the last line on a name wins.
struct Files {
  Files& with(const char* file, int at, const char* parameter, const char* set,
              SysctlLoaders readers = kBoth) {
    auto& lines = settings.settings[name(parameter)];
    for (PersistentSetting& line : lines) {
      if (readers.systemd) line.wins.systemd = false;
      if (readers.procps) line.wins.procps = false;
    }
    lines.push_back({.parameter = name(parameter),
                     .value = set,
                     .where = {file, at, 0},
                     .read_by = readers,
                     .wins = readers});
    return *this;
  }

  /// "VALUE by FILE:LINE" or "? by ...", and "-" if no line decides.
  std::string left(const char* parameter, const char* before = nullptr,
                   SysctlLoader loader = SysctlLoader::kSystemd) const {
    const auto standing = [&](const ParameterName& other) {
      return before && other == name(parameter) ? std::optional(value(before)) : std::nullopt;
    };
    const BootStart start{testing::shipped_catalogue(), std::nullopt, standing};
    const BootValue left = BootRun(settings, start, loader).left(name(parameter));
    if (!left.line) return "-";
    return (left.value ? left.value->text() : "?") + " by " + to_text(left.line->where);
  }

  PersistentSettings settings;
};

/// Every pair of rows that speak of one variable.
std::set<std::string> pairs_of_names() {
  const Catalogue& catalogue = testing::shipped_catalogue();
  std::set<std::string> pairs;
  for (std::string key : catalogue.keys()) {
    const size_t star = key.find('*');
    if (star != std::string::npos) key.replace(star, 1, "eth0");
    const auto one = ParameterName::parse(key);
    for (const ParameterName& other : other_names_of(*one, catalogue)) {
      pairs.insert(std::min(key, std::string(other.dotted())) + " " +
                   std::max(key, std::string(other.dotted())));
    }
  }
  return pairs;
}

}  // namespace

TEST_CASE("boot run: a later line under the variable's other name decides") {
  Files files;
  files.with("/etc/sysctl.d/10-a.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/sysctl.d/99-z.conf", 2, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/10-a.conf", 3, "net.netfilter.nf_conntrack_max", "262144")
      .with("/etc/sysctl.d/99-z.conf", 4, "net.nf_conntrack_max", "65536")
      .with("/etc/sysctl.d/10-a.conf", 5, "fs.inotify.max_user_instances", "8192")
      .with("/etc/sysctl.d/99-z.conf", 6, "user.max_inotify_instances", "128");

  CHECK(files.left("net.ipv4.ip_forward") == "0 by /etc/sysctl.d/99-z.conf:2");
  CHECK(files.left("net.ipv4.conf.all.forwarding") == "0 by /etc/sysctl.d/99-z.conf:2");
  CHECK(files.left("net.netfilter.nf_conntrack_max") == "65536 by /etc/sysctl.d/99-z.conf:4");
  CHECK(files.left("fs.inotify.max_user_instances") == "128 by /etc/sysctl.d/99-z.conf:6");
}

TEST_CASE("boot run: an earlier line under the other name decides nothing") {
  Files files;
  files.with("/usr/lib/sysctl.d/10-a.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/99-z.conf", 1, "net.ipv4.ip_forward", "1");

  CHECK(files.left("net.ipv4.ip_forward") == "1 by /etc/sysctl.d/99-z.conf:1");
}

TEST_CASE("boot run: what moves an interface's parameter along writes it") {
  Files files;
  files.with("/etc/sysctl.d/10-a.conf", 1, "net.ipv6.conf.eth0.forwarding", "1")
      .with("/etc/sysctl.d/20-b.conf", 1, "net.ipv6.conf.all.forwarding", "0");

  CHECK(files.left("net.ipv6.conf.eth0.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
  CHECK(files.left("net.ipv6.conf.eth1.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
  CHECK(files.left("net.ipv6.conf.all.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
}

TEST_CASE("boot run: the other name may count in other units, of the same interface") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.neigh.eth0.base_reachable_time_ms", "30500")
      .with("/etc/b.conf", 1, "net.ipv4.neigh.eth0.base_reachable_time", "15")
      .with("/etc/b.conf", 2, "net.ipv4.neigh.eth1.base_reachable_time", "20");

  CHECK(files.left("net.ipv4.neigh.eth0.base_reachable_time_ms") == "15000 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.neigh.eth0.base_reachable_time") == "15 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.neigh.eth2.base_reachable_time") == "-");
}

TEST_CASE("boot run: forwarding inverts conf.all.accept_redirects, but only if it changes") {
  Files on, off, twice;
  on.with("/etc/a.conf", 1, "net.ipv4.conf.all.accept_redirects", "1")
      .with("/etc/b.conf", 1, "net.ipv4.ip_forward", "1");
  off.with("/etc/a.conf", 1, "net.ipv4.conf.all.accept_redirects", "0")
      .with("/etc/b.conf", 1, "net.ipv4.ip_forward", "0");
  twice.with("/etc/a.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/b.conf", 1, "net.ipv4.conf.all.accept_redirects", "1")
      .with("/etc/c.conf", 1, "net.ipv4.conf.all.forwarding", "1");

  CHECK(on.left("net.ipv4.conf.all.accept_redirects") == "0 by /etc/b.conf:1");
  CHECK(off.left("net.ipv4.conf.all.accept_redirects") == "0 by /etc/a.conf:1");
  CHECK(twice.left("net.ipv4.conf.all.accept_redirects") == "1 by /etc/b.conf:1");
}

TEST_CASE("boot run: of a pair the later form decides, and a 0 that it refuses does not") {
  Files files, refused;
  files.with("/etc/a.conf", 1, "vm.dirty_background_ratio", "10")
      .with("/etc/a.conf", 2, "vm.dirty_background_bytes", "1000000");
  refused.with("/etc/a.conf", 1, "vm.dirty_background_ratio", "10")
      .with("/etc/a.conf", 2, "vm.dirty_background_bytes", "0");

  CHECK(files.left("vm.dirty_background_ratio") == "0 by /etc/a.conf:2");
  CHECK(files.left("vm.dirty_background_bytes") == "1000000 by /etc/a.conf:2");
  CHECK(refused.left("vm.dirty_background_ratio") == "10 by /etc/a.conf:1");
}

TEST_CASE("boot run: a comment behind a number is not part of it, and text is no number") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.tcp_fin_timeout", "33 # vendor")
      .with("/etc/a.conf", 2, "net.ipv4.tcp_tw_reuse", "'1'")
      .with("/etc/a.conf", 3, "net.ipv4.tcp_rmem", "8192 16384");

  CHECK(files.left("net.ipv4.tcp_fin_timeout") == "33 by /etc/a.conf:1");
  CHECK(files.left("net.ipv4.tcp_tw_reuse") == "-");
  CHECK(files.left("net.ipv4.tcp_rmem", "4096 131072 6291456") ==
        "8192 16384 6291456 by /etc/a.conf:3");
}

TEST_CASE("boot run: procps writes a line that another one replaces, systemd does not") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.tcp_fin_timeout", "20")
      .with("/etc/b.conf", 1, "net.ipv4.tcp_fin_timeout", "30s");

  CHECK(files.left("net.ipv4.tcp_fin_timeout", "60", SysctlLoader::kSystemd) == "-");
  CHECK(files.left("net.ipv4.tcp_fin_timeout", "60", SysctlLoader::kProcps) ==
        "20 by /etc/a.conf:1");
}

TEST_CASE("boot run: systemd does not move a line that says again what stands") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/b.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/c.conf", 1, "net.ipv4.ip_forward", "1");

  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kSystemd) == "0 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kProcps) == "1 by /etc/c.conf:1");
}

TEST_CASE("boot run: /etc/sysctl.conf comes last under procps, whatever names it uses") {
  Files files;
  files.with("/etc/sysctl.d/99-zz.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/sysctl.conf", 1, "net.ipv4.conf.all.forwarding", "0", {false, true});

  CHECK(files.left("net.ipv4.ip_forward") == "1 by /etc/sysctl.d/99-zz.conf:1");
  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kProcps) == "0 by /etc/sysctl.conf:1");
}

TEST_CASE("boot run: every line that writes a parameter is told, in the order of reading") {
  Files files;
  files.with("/etc/sysctl.d/50-b.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/usr/lib/sysctl.d/10-a.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/60-c.conf", 1, "net.ipv4.tcp_timestamps", "0");

  const auto lines =
      lines_that_write(name("net.ipv4.ip_forward"), files.settings, testing::shipped_catalogue());

  REQUIRE(lines.size() == 2);
  CHECK(to_text(lines[0].where) == "/usr/lib/sysctl.d/10-a.conf:1");
  CHECK(to_text(lines[1].where) == "/etc/sysctl.d/50-b.conf:1");
}

TEST_CASE("boot run: TuneD sets its own, and then the files under /etc once more, by its order") {
  Files files;
  files.with("/etc/sysctl.conf", 3, "net.core.somaxconn", "128", {false, true})
      .with("/etc/sysctl.d/99-z.conf", 1, "net.core.somaxconn", "4096")
      .with("/usr/lib/sysctl.d/99-zz.conf", 1, "net.ipv4.tcp_fin_timeout", "30");
  CHECK(files.left("net.core.somaxconn") == "4096 by /etc/sysctl.d/99-z.conf:1");

  files.settings.tuned = TunedRun{};
  for (const auto& [parameter, set] :
       {std::pair("net.core.somaxconn", "2048"), std::pair("net.ipv4.tcp_fin_timeout", "15"),
        std::pair("vm.swappiness", "10")}) {
    files.settings.tuned->own.push_back({.parameter = name(parameter),
                                         .value = set,
                                         .where = {"/usr/lib/tuned/x/tuned.conf", 7, 0}});
  }

  CHECK(files.left("net.core.somaxconn") == "128 by /etc/sysctl.conf:3");
  CHECK(files.left("net.ipv4.tcp_fin_timeout") == "15 by /usr/lib/tuned/x/tuned.conf:7");
  CHECK(files.left("vm.swappiness") == "10 by /usr/lib/tuned/x/tuned.conf:7");
  files.settings.tuned->reapplies = false;
  CHECK(files.left("net.core.somaxconn") == "2048 by /usr/lib/tuned/x/tuned.conf:7");
}

TEST_CASE("boot run: a line on a parameter of a module counts only if that is loaded before") {
  Files files;
  files.with("/etc/sysctl.d/60-ct.conf", 1, "net.netfilter.nf_conntrack_max", "262144");
  const std::string taken = "262144 by /etc/sysctl.d/60-ct.conf:1";
  const auto left = [&](const char* before) {
    return files.left("net.netfilter.nf_conntrack_max", before);
  };
  CHECK(left("7680") == taken);  // nothing is known of modules

  files.settings.modules.emplace();
  CHECK(left("7680") == "-");
  files.settings.modules->loaded.emplace();
  CHECK(left("7680") == taken);  // it is there without a module
  CHECK(left(nullptr) == "-");
  (*files.settings.modules->loaded)["nf_conntrack"] = {"nf_nat"};
  CHECK(left("7680") == "-");
  files.settings.modules->in_time.emplace("nf_nat", SourceLocation{});
  CHECK(left("7680") == taken);
}

TEST_CASE("boot run: what the kernel holds against each other is taken in the order of the lines") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.ip_local_port_range", "500 60999")
      .with("/etc/b.conf", 1, "net.ipv4.ip_unprivileged_port_start", "400");
  const BootStart start{testing::shipped_catalogue(), KernelVersion::parse("6.12"), {}};

  const BootRun boot(files.settings, start, SysctlLoader::kSystemd);

  CHECK(boot.left(name("net.ipv4.ip_local_port_range")).value == value("32768 60999"));
  REQUIRE(boot.writes().size() == 2);
  CHECK(boot.writes()[0].outcome.against == name("net.ipv4.ip_unprivileged_port_start"));
  CHECK(boot.writes()[1].outcome.result == WriteResult::kTaken);
}

TEST_CASE("boot run: the catalogue's variables under two names") {
  const std::set<std::string> pairs = pairs_of_names();

  for (const char* pair :
       {"net.ipv4.conf.all.forwarding net.ipv4.ip_forward",
        "net.netfilter.nf_conntrack_max net.nf_conntrack_max",
        "fs.inotify.max_user_instances user.max_inotify_instances",
        "fs.fanotify.max_user_marks user.max_fanotify_marks",
        "net.ipv4.neigh.eth0.base_reachable_time net.ipv4.neigh.eth0.base_reachable_time_ms",
        "net.ipv6.route.gc_min_interval net.ipv6.route.gc_min_interval_ms",
        "vm.nr_hugepages vm.nr_hugepages_mempolicy"}) {
    CHECK_MESSAGE(pairs.contains(pair), pair);
  }
  CHECK_FALSE(pairs.contains("kernel.nmi_watchdog kernel.watchdog"));
}

}  // namespace advisor::boot_run_test
