#include "boot/line_remarks.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::line_remarks_test {
namespace {

using testing::name;
using testing::value;
using Texts = testing::Lines;

constexpr SysctlLoaders kBoth{true, true};
constexpr const char* kFaults[] = {"not in effect", "refused", "absent",
                                   "too early",     "undone",  "unread"};

/// A host with files, under systemd.
struct SmallHost {
  SmallHost() { files.at_boot = SysctlLoader::kSystemd; }

  SmallHost& with(const char* file, const char* parameter, const char* set,
                  SysctlLoaders readers = kBoth) {
    auto& lines = files.settings[name(parameter)];
    for (PersistentSetting& line : lines) {
      if (readers.systemd) line.wins.systemd = false;
      if (readers.procps) line.wins.procps = false;
    }
    lines.push_back({.parameter = name(parameter),
                     .value = set,
                     .where = {file, ++line_, 0},
                     .read_by = readers,
                     .wins = readers});
    return *this;
  }

  SmallHost& now(const char* parameter, const char* set) {
    testing::set(snapshot, parameter, set);
    return *this;
  }

  /// "file:line fault (+more): why" of each remark.
  Texts remarks() const {
    const Catalogue catalogue = testing::shipped_catalogue();
    const BootStart start = boot_start(catalogue, snapshot);
    Texts texts;
    for (const LineRemark& remark : remarks_on_lines(files, boots_of(files, start), start)) {
      texts.push_back(to_text(remark.line.where) + " " + kFaults[size_t(remark.fault)] +
                      (remark.more > 0 ? " +" + std::to_string(remark.more) : "") + ": " +
                      remark.why);
    }
    return texts;
  }

  PersistentSettings files;
  Snapshot snapshot = testing::idle_host();

 private:
  int line_ = 0;
};

}  // namespace

TEST_CASE("line remarks: a line that decides is remarkable if another value stands") {
  SmallHost host;
  host.with("/etc/sysctl.d/10-a.conf", "net.core.somaxconn", "100")
      .with("/etc/sysctl.d/60-app.conf", "net.core.somaxconn", "65535")
      .now("net.core.somaxconn", "128");
  CHECK(host.remarks() == Texts{"/etc/sysctl.d/60-app.conf:2 not in effect: it is 128 now"});

  host.now("net.core.somaxconn", "65535");
  CHECK(host.remarks() == Texts{});
}

TEST_CASE("line remarks: whoever sets what stands instead is named") {
  SmallHost host;
  host.with("/etc/sysctl.d/60-cis.conf", "net.ipv4.conf.all.log_martians", "1")
      .now("net.ipv4.conf.all.log_martians", "0");
  OtherSetting ufw;
  ufw.program = "ufw";
  ufw.parameter = "net.ipv4.conf.all.log_martians";
  ufw.value = "0";
  ufw.where = {"/etc/ufw/sysctl.conf", 3, 0};
  ufw.certain = true;
  ufw.when = "when it starts";
  host.files.others.push_back(ufw);

  CHECK(host.remarks() ==
        Texts{"/etc/sysctl.d/60-cis.conf:1 not in effect: it is 0 now: ufw sets "
              "net.ipv4.conf.all.log_martians = 0 (/etc/ufw/sysctl.conf:3) when it starts"});
}

TEST_CASE("line remarks: what the kernel refuses, and what it does not have") {
  SmallHost host;
  host.snapshot.host.kernel = "6.1.0";
  host.with("/etc/sysctl.d/10-a.conf", "net.ipv4.tcp_retries2", "300")
      .with("/etc/sysctl.d/10-a.conf", "net.ipv4.tcp_tw_recycle", "1")
      .with("/etc/sysctl.d/10-a.conf", "net.core.somaxcon", "4096")
      .with("/etc/sysctl.d/10-a.conf", "net.ipv4.conf.wlan7.rp_filter", "1")
      .now("net.ipv4.tcp_retries2", "15");
  host.files.settings[name("net.core.somaxcon")].back().absent = true;
  host.files.settings[name("net.ipv4.conf.wlan7.rp_filter")].back().absent = true;

  CHECK(host.remarks() ==
        Texts{"/etc/sysctl.d/10-a.conf:1 refused: the kernel takes 0..255",
              "/etc/sysctl.d/10-a.conf:2 absent: kernels from 4.12 on no longer have it",
              "/etc/sysctl.d/10-a.conf:3 absent: this kernel, or this namespace, does not have "
              "it; did you mean net.core.somaxconn?"});

  host.files.settings[name("net.core.somaxcon")].back().ignores_errors = true;
  CHECK(host.remarks().size() == 2);
}

TEST_CASE("line remarks: a line under another name of the variable, or of a package, undoes ours") {
  SmallHost host;
  host.with("/etc/sysctl.d/10-a.conf", "net.ipv4.ip_forward", "1")
      .with("/etc/sysctl.d/99-z.conf", "net.ipv4.conf.all.forwarding", "0")
      .with("/etc/sysctl.d/allow.conf", "fs.protected_regular", "0")
      .with("/usr/lib/sysctl.d/protect-links.conf", "fs.protected_regular", "2")
      .with("/usr/lib/sysctl.d/10-a.conf", "net.ipv4.tcp_ecn", "0")
      .with("/etc/sysctl.d/50-b.conf", "net.ipv4.tcp_ecn", "1")
      .now("net.ipv4.ip_forward", "0")
      .now("fs.protected_regular", "2")
      .now("net.ipv4.tcp_ecn", "1");

  CHECK(host.remarks() ==
        Texts{"/etc/sysctl.d/10-a.conf:1 undone: net.ipv4.conf.all.forwarding = 0 "
              "(/etc/sysctl.d/99-z.conf:2) changes it along",
              "/etc/sysctl.d/allow.conf:3 undone: fs.protected_regular = 2 "
              "(/usr/lib/sysctl.d/protect-links.conf:4) comes after it"});
}

TEST_CASE("line remarks: a module that comes later, and a file that the loader does not read") {
  SmallHost host;
  host.files.modules.emplace();
  host.with("/etc/sysctl.d/60-ct.conf", "net.netfilter.nf_conntrack_max", "262144")
      .with("/etc/sysctl.conf", "net.core.somaxconn", "8192", {false, true})
      .with("/etc/sysctl.conf", "net.ipv4.tcp_ecn", "1", {false, true})
      .now("net.netfilter.nf_conntrack_max", "7680")
      .now("net.core.somaxconn", "4096")
      .now("net.ipv4.tcp_ecn", "2");

  CHECK(host.remarks() ==
        Texts{"/etc/sysctl.d/60-ct.conf:1 too early: no file loads the module nf_conntrack before "
              "it is read; `echo nf_conntrack > /etc/modules-load.d/nf_conntrack.conf` sees to it",
              "/etc/sysctl.conf:2 unread +1: systemd-sysctl does not read this file"});

  host.files.tuned = TunedRun{};
  CHECK(host.remarks().size() == 2);  // now they are read, and not in effect
}

TEST_CASE("line remarks: a pattern is told once, with how many parameters it is true of") {
  SmallHost host;
  for (const char* parameter : {"net.ipv4.conf.a.rp_filter", "net.ipv4.conf.b.rp_filter"}) {
    host.files.settings[name(parameter)].push_back({.parameter = name(parameter),
                                                    .value = "1",
                                                    .where = {"/etc/sysctl.d/10-a.conf", 1, 0},
                                                    .from_glob = true,
                                                    .read_by = kBoth,
                                                    .wins = kBoth});
    host.now(parameter, "2");
  }

  CHECK(host.remarks() == Texts{"/etc/sysctl.d/10-a.conf:1 not in effect +1: it is 2 now"});
}

}  // namespace advisor::line_remarks_test
