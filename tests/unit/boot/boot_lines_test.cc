#include "boot/boot_lines.h"

#include <doctest/doctest.h>

#include "boot/side_writes.h"
#include "support/builders.h"

namespace advisor::boot_lines_test {
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
    const auto start = before ? std::optional(value(before)) : std::nullopt;
    const BootValue left =
        BootLines(settings, testing::shipped_catalogue()).outcome(name(parameter), loader, start);
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

TEST_CASE("boot lines: a later line under the variable's other name decides") {
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

TEST_CASE("boot lines: an earlier line under the other name decides nothing") {
  Files files;
  files.with("/usr/lib/sysctl.d/10-a.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/99-z.conf", 1, "net.ipv4.ip_forward", "1");

  CHECK(files.left("net.ipv4.ip_forward") == "1 by /etc/sysctl.d/99-z.conf:1");
}

TEST_CASE("boot lines: what moves an interface's parameter along writes it") {
  Files files;
  files.with("/etc/sysctl.d/10-a.conf", 1, "net.ipv6.conf.eth0.forwarding", "1")
      .with("/etc/sysctl.d/20-b.conf", 1, "net.ipv6.conf.all.forwarding", "0");

  CHECK(files.left("net.ipv6.conf.eth0.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
  CHECK(files.left("net.ipv6.conf.eth1.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
  CHECK(files.left("net.ipv6.conf.all.forwarding") == "0 by /etc/sysctl.d/20-b.conf:1");
}

TEST_CASE("boot lines: the other name may count in other units, of the same interface") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.neigh.eth0.base_reachable_time_ms", "30500")
      .with("/etc/b.conf", 1, "net.ipv4.neigh.eth0.base_reachable_time", "15")
      .with("/etc/b.conf", 2, "net.ipv4.neigh.eth1.base_reachable_time", "20");

  CHECK(files.left("net.ipv4.neigh.eth0.base_reachable_time_ms") == "15000 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.neigh.eth0.base_reachable_time") == "15 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.neigh.eth2.base_reachable_time") == "-");
}

TEST_CASE("boot lines: forwarding inverts conf.all.accept_redirects, but only if it changes") {
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

TEST_CASE("boot lines: of a pair the later form decides, and a 0 that it refuses does not") {
  Files files, refused;
  files.with("/etc/a.conf", 1, "vm.dirty_background_ratio", "10")
      .with("/etc/a.conf", 2, "vm.dirty_background_bytes", "1000000");
  refused.with("/etc/a.conf", 1, "vm.dirty_background_ratio", "10")
      .with("/etc/a.conf", 2, "vm.dirty_background_bytes", "0");

  CHECK(files.left("vm.dirty_background_ratio") == "0 by /etc/a.conf:2");
  CHECK(files.left("vm.dirty_background_bytes") == "1000000 by /etc/a.conf:2");
  CHECK(refused.left("vm.dirty_background_ratio") == "10 by /etc/a.conf:1");
}

TEST_CASE("boot lines: a comment behind a number is not part of it, and text is no number") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.tcp_fin_timeout", "33 # vendor")
      .with("/etc/a.conf", 2, "net.ipv4.tcp_tw_reuse", "'1'")
      .with("/etc/a.conf", 3, "net.ipv4.tcp_rmem", "8192 16384");

  CHECK(files.left("net.ipv4.tcp_fin_timeout") == "33 by /etc/a.conf:1");
  CHECK(files.left("net.ipv4.tcp_tw_reuse") == "-");
  CHECK(files.left("net.ipv4.tcp_rmem", "4096 131072 6291456") ==
        "8192 16384 6291456 by /etc/a.conf:3");
}

TEST_CASE("boot lines: procps writes a line that another one replaces, systemd does not") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.tcp_fin_timeout", "20")
      .with("/etc/b.conf", 1, "net.ipv4.tcp_fin_timeout", "30s");

  CHECK(files.left("net.ipv4.tcp_fin_timeout", "60", SysctlLoader::kSystemd) == "-");
  CHECK(files.left("net.ipv4.tcp_fin_timeout", "60", SysctlLoader::kProcps) ==
        "20 by /etc/a.conf:1");
}

TEST_CASE("boot lines: systemd does not move a line that says again what stands") {
  Files files;
  files.with("/etc/a.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/b.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/c.conf", 1, "net.ipv4.ip_forward", "1");

  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kSystemd) == "0 by /etc/b.conf:1");
  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kProcps) == "1 by /etc/c.conf:1");
}

TEST_CASE("boot lines: /etc/sysctl.conf comes last under procps, whatever names it uses") {
  Files files;
  files.with("/etc/sysctl.d/99-zz.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/etc/sysctl.conf", 1, "net.ipv4.conf.all.forwarding", "0", {false, true});

  CHECK(files.left("net.ipv4.ip_forward") == "1 by /etc/sysctl.d/99-zz.conf:1");
  CHECK(files.left("net.ipv4.ip_forward", "0", SysctlLoader::kProcps) == "0 by /etc/sysctl.conf:1");
}

TEST_CASE("boot lines: every line that writes a parameter is told, in the order of reading") {
  Files files;
  files.with("/etc/sysctl.d/50-b.conf", 1, "net.ipv4.ip_forward", "1")
      .with("/usr/lib/sysctl.d/10-a.conf", 1, "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/60-c.conf", 1, "net.ipv4.tcp_timestamps", "0");

  const auto lines = BootLines(files.settings, testing::shipped_catalogue())
                         .that_write(name("net.ipv4.ip_forward"));

  REQUIRE(lines.size() == 2);
  CHECK(to_text(lines[0].where) == "/usr/lib/sysctl.d/10-a.conf:1");
  CHECK(to_text(lines[1].where) == "/etc/sysctl.d/50-b.conf:1");
}

TEST_CASE("boot lines: the catalogue's variables under two names") {
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

}  // namespace advisor::boot_lines_test
