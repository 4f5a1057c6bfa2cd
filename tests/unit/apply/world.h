#pragma once

#include <map>
#include <string>

#include "apply/transaction.h"
#include "support/builders.h"
#include "support/fake_kernel.h"
#include "support/manual_clock.h"
#include "support/memory_files.h"

namespace advisor::testing {

inline const char* const kDropIn = "/etc/sysctl.d/99-test.conf";

/// A small host that transactions act on: three parameters, and a drop-in of ours.
struct SmallWorld {
  SmallWorld() {
    kernel.set("net.core.somaxconn", "128");
    kernel.set("net.ipv4.ip_local_port_range", "32768 60999");
    kernel.show_with_tabs("net.ipv4.ip_local_port_range");
    kernel.set("net.ipv4.tcp_tw_reuse", "2");
    kernel.set("net.ipv4.tcp_fin_timeout", "60");
    files.put(kDropIn, "old = text\n");
  }

  /// Three parameters and the drop-in.
  Plan plan() const {
    return {{change("net.core.somaxconn", "128", "4096"),
             change("net.ipv4.ip_local_port_range", "32768 60999", "15000 61000"),
             change("net.ipv4.tcp_tw_reuse", "2", "1")},
            FileChange{kDropIn, "old = text\n", "new = text\n"}};
  }

  World world() { return {kernel, files, clock, catalogue, identity}; }

  /// As after a reboot: the run-time values are those the host boots with.
  void reboot(const std::map<std::string, std::string>& boot_values) {
    kernel.set_all(boot_values);
    identity.boot_id = "another-boot";
    clock.reboot();
  }

  Steps steps;
  FakeKernel kernel{steps};
  MemoryFiles files{steps};
  ManualClock clock;
  Catalogue catalogue = shipped_catalogue();
  HostIdentity identity{"this-boot", "4:1000"};
};

}  // namespace advisor::testing
