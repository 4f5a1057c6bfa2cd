#include "model/catalogue.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::catalogue_test {

using testing::name;

TEST_CASE("catalogue: what runs code does, whether it has a row or not and whatever that says") {
  const Catalogue none;
  const Catalogue silent = testing::catalogue_from(
      "[\"kernel.core_pattern\"]\ntype = 'string'\nmeaning = 'm'\nruns_code = false\n"
      "[\"fs.*.register\"]\ntype = 'string'\nmeaning = 'm'\n"
      "[\"kernel.*\"]\ntype = 'string'\nmeaning = 'm'\n");

  for (const Catalogue* catalogue : {&none, &silent}) {
    for (const char* parameter :
         {"kernel.core_pattern", "kernel/core_pattern", "kernel.modprobe", "kernel.hotplug",
          "kernel.poweroff_cmd", "kernel.reboot-cmd", "kernel.usermodehelper.bset",
          "kernel.usermodehelper.inheritable", "fs.binfmt_misc.register", "fs.binfmt_misc.status",
          "fs/binfmt_misc/qemu-arm.old", "fs.ocfs2.nm.hb_ctl_path"}) {
      CAPTURE(parameter);
      const ParameterInfo* info = catalogue->find(name(parameter));
      REQUIRE(info);
      CHECK(info->runs_code);
      CHECK(info->name == name(parameter));
    }
  }
  CHECK(none.find(name("kernel.core_pattern"))->reference.size() == 1);
}

TEST_CASE("catalogue: what only comes near to that runs no code") {
  const Catalogue none;
  const Catalogue shipped = testing::shipped_catalogue();

  for (const char* parameter : {"kernel.core_pipe_limit", "kernel.core_uses_pid", "kernel.hostname",
                                "kernel.modprobe.x", "net.core.somaxconn"}) {
    CAPTURE(parameter);
    CHECK_FALSE(none.find(name(parameter)));
    const ParameterInfo* info = shipped.find(name(parameter));
    CHECK((!info || !info->runs_code));
  }
}

TEST_CASE("catalogue: a row may say of another parameter that it runs code") {
  const Catalogue ours = testing::catalogue_from(
      "[\"dev.ours.helper\"]\ntype = 'string'\nmeaning = 'm'\nruns_code = true\n");

  CHECK(ours.find(name("dev.ours.helper"))->runs_code);
}

TEST_CASE("catalogue: the shipped rows and the list in the program agree on what runs code") {
  const Catalogue shipped = testing::shipped_catalogue();
  const Catalogue none;
  int found = 0;
  for (const std::string& key : shipped.keys()) {
    const ParameterInfo* row = shipped.find(name(key));
    REQUIRE(row);
    CAPTURE(key);
    CHECK(row->runs_code == (none.find(name(key)) != nullptr));
    found += row->runs_code ? 1 : 0;
  }
  CHECK(found >= 8);
}

}  // namespace advisor::catalogue_test
