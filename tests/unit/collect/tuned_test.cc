#include "collect/tuned.h"

#include <doctest/doctest.h>

#include "support/builders.h"
#include "support/memory_files.h"

namespace advisor::tuned_test {
namespace {

using Texts = testing::Lines;

struct TunedHost {
  TunedHost() { files.put("/etc/tuned/active_profile", "child\n"); }

  /// "parameter = value (file:line)" of each setting.
  Texts settings() const {
    Texts lines;
    for (const OtherSetting& setting : read_tuned_settings(files)) {
      CHECK(setting.certain);
      lines.push_back(setting.parameter + " = " + setting.value.value_or("?") + " (" +
                      to_text(setting.where) + ")");
    }
    return lines;
  }

  testing::Steps steps;
  testing::MemoryFiles files{steps};
};

}  // namespace

TEST_CASE("tuned: a host without an active profile has none of its settings") {
  TunedHost host;
  host.files.put("/etc/tuned/active_profile", "\n");
  host.files.put("/usr/lib/tuned/child/tuned.conf", "[sysctl]\nvm.swappiness=10\n");

  CHECK(host.settings() == Texts{});
  host.files.erase("/etc/tuned/active_profile");
  CHECK(host.settings() == Texts{});
}

TEST_CASE("tuned: the [sysctl] section is read as TuneD reads it") {
  TunedHost host;
  host.files.put("/usr/lib/tuned/child/tuned.conf",
                 "# vm.a=1\n[main]\nsummary=a=b\n[sysctl]\nvm.swappiness=10 # low\n"
                 "net.ipv4.tcp_rmem=\"4096 87380 16777216\"\nkernel.sem = 1 2 3 4\n[vm]\nvm.x=1\n");

  CHECK(host.settings() ==
        Texts{"kernel.sem = 1 2 3 4 (/usr/lib/tuned/child/tuned.conf:7)",
              "net.ipv4.tcp_rmem = 4096 87380 16777216 (/usr/lib/tuned/child/tuned.conf:6)",
              "vm.swappiness = 10 (/usr/lib/tuned/child/tuned.conf:5)"});
  CHECK(read_tuned_settings(host.files)[0].program == "TuneD profile child");
}

TEST_CASE("tuned: what stands in a profile replaces what its parents say") {
  TunedHost host;
  host.files.put("/usr/lib/tuned/child/tuned.conf",
                 "[sysctl]\nvm.swappiness=10\n[main]\ninclude=parent, other\n");
  host.files.put("/usr/lib/tuned/parent/tuned.conf",
                 "[sysctl]\nvm.swappiness=30\nvm.dirty_ratio=40\n");
  host.files.put("/usr/lib/tuned/other/tuned.conf", "[sysctl]\nvm.dirty_ratio=20\n");

  CHECK(host.settings() == Texts{"vm.dirty_ratio = 20 (/usr/lib/tuned/other/tuned.conf:2)",
                                 "vm.swappiness = 10 (/usr/lib/tuned/child/tuned.conf:2)"});
}

TEST_CASE("tuned: a profile under /etc masks the installed one, and may include it") {
  TunedHost host;
  host.files.put("/etc/tuned/child/tuned.conf", "[main]\ninclude=child\n[sysctl]\nvm.a=1\n");
  host.files.put("/usr/lib/tuned/child/tuned.conf", "[sysctl]\nvm.a=2\nvm.b=2\n");

  CHECK(host.settings() == Texts{"vm.a = 1 (/etc/tuned/child/tuned.conf:4)",
                                 "vm.b = 2 (/usr/lib/tuned/child/tuned.conf:3)"});
}

TEST_CASE("tuned: profiles that include each other come to an end") {
  TunedHost host;
  host.files.put("/etc/tuned/child/tuned.conf", "[main]\ninclude=parent\n[sysctl]\nvm.a=1\n");
  host.files.put("/etc/tuned/parent/tuned.conf", "[main]\ninclude=child\n[sysctl]\nvm.b=2\n");

  CHECK(host.settings().size() == 2);
}

TEST_CASE("tuned: several active profiles are combined, the last one wins") {
  TunedHost host;
  host.files.put("/etc/tuned/active_profile", "a b\n");
  host.files.put("/etc/tuned/profiles/a/tuned.conf", "[sysctl]\nvm.x=1\nvm.y=1\n");
  host.files.put("/usr/lib/tuned/profiles/b/tuned.conf", "[sysctl]\nvm.x=2\n");

  CHECK(host.settings() == Texts{"vm.x = 2 (/usr/lib/tuned/profiles/b/tuned.conf:2)",
                                 "vm.y = 1 (/etc/tuned/profiles/a/tuned.conf:3)"});
}

TEST_CASE("tuned: sections may be disabled, replaced, or be of type sysctl under another name") {
  TunedHost host;
  host.files.put("/etc/tuned/child/tuned.conf",
                 "[main]\ninclude=parent\n[sysctl]\nreplace=1\nvm.a=1\n[off]\ntype=sysctl\n"
                 "enabled=0\nvm.b=1\n[mine]\ntype=sysctl\nvm.c=1\n");
  host.files.put("/etc/tuned/parent/tuned.conf", "[sysctl]\nvm.z=1\n");

  CHECK(host.settings() == Texts{"vm.c = 1 (/etc/tuned/child/tuned.conf:12)",
                                 "vm.a = 1 (/etc/tuned/child/tuned.conf:5)"});
}

TEST_CASE("tuned: a value that is computed, or only a bound, is left open") {
  TunedHost host;
  host.files.put("/etc/tuned/child/tuned.conf",
                 "[sysctl]\nvm.a=${calc}\nnet.core.somaxconn=>2048\n");

  CHECK(host.settings() == Texts{"net.core.somaxconn = ? (/etc/tuned/child/tuned.conf:3)",
                                 "vm.a = ? (/etc/tuned/child/tuned.conf:2)"});
}

TEST_CASE("tuned: the name of a profile leads to no other directory") {
  TunedHost host;
  host.files.put("/etc/tuned/active_profile", "../../tmp/x ..\n");
  host.files.put("/etc/tuned/../../tmp/x/tuned.conf", "[sysctl]\nvm.a=1\n");
  host.files.put("/etc/tuned/../tuned.conf", "[sysctl]\nvm.a=1\n");

  CHECK(host.settings() == Texts{});
}

TEST_CASE("tuned: whether it applies /etc/sysctl.d again is said") {
  TunedHost host;
  host.files.put("/etc/tuned/child/tuned.conf", "[sysctl]\nvm.a=1\n");
  CHECK(read_tuned_settings(host.files).at(0).when ==
        "when it starts, before it applies /etc/sysctl.d again");

  host.files.put("/etc/tuned/tuned-main.conf", "daemon = 1\nreapply_sysctl = 0\n");
  CHECK(read_tuned_settings(host.files).at(0).when ==
        "when it starts, also over what /etc/sysctl.d says");
}

}  // namespace advisor::tuned_test
