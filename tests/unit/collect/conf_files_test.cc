#include "collect/conf_files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "support/builders.h"
#include "support/fake_kernel.h"
#include "support/memory_files.h"
#include "support/temporary_directory.h"

namespace advisor::conf_files_test {
namespace {

using testing::name;
using testing::TemporaryDirectory;

const ParameterName kSomaxconn = name("net.core.somaxconn");

struct SmallHost {
  SmallHost() { kernel.set("net.core.somaxconn", "0"); }

  PersistentSettings read() const { return read_persistent_settings(files, kernel); }

  testing::Steps steps;
  testing::FakeKernel kernel{steps};
  testing::MemoryFiles files{steps};
};

/// "file:line value" of the line that decides on net.core.somaxconn.
std::string winner(const PersistentSettings& settings, SysctlLoader loader) {
  const PersistentSetting* line = settings.winner(kSomaxconn, loader);
  return line ? to_text(line->where) + " " + *line->value : "none";
}

std::string systemd(const PersistentSettings& settings) {
  return winner(settings, SysctlLoader::kSystemd);
}

std::string procps(const PersistentSettings& settings) {
  return winner(settings, SysctlLoader::kProcps);
}

std::string both(const PersistentSettings& settings) {
  CHECK(systemd(settings) == procps(settings));
  return systemd(settings);
}

std::string setting(int value) {
  return "net.core.somaxconn = " + std::to_string(value) + "\n";
}

/// A host in a directory, with the file types that only a real one has.
PersistentSettings read_tree(const TemporaryDirectory& root) {
  root.put("proc/sys/net/core/somaxconn", "0\n");
  return read_persistent_settings(PosixFileStore(root.path()), ProcSysctlTree(root.path()));
}

}  // namespace

TEST_CASE("conf files: a host without any sets nothing and has no remarks") {
  const PersistentSettings settings = SmallHost().read();

  CHECK(settings.settings.empty());
  CHECK(settings.remarks.empty());
  CHECK(settings.unmatched.empty());
}

TEST_CASE("conf files: the order is that of the names, whatever the directory") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/10-x.conf", setting(1));
  host.files.put("/usr/lib/sysctl.d/9-x.conf", "\n" + setting(2));
  host.files.put("/run/sysctl.d/B.conf", setting(3));
  CHECK(both(host.read()) == "/run/sysctl.d/B.conf:1 3");

  host.files.put("/usr/local/lib/sysctl.d/a.conf", setting(4));
  CHECK(both(host.read()) == "/usr/local/lib/sysctl.d/a.conf:1 4");

  const PersistentSettings settings = host.read();
  const auto& lines = settings.lines_on(kSomaxconn);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].where.file == "/etc/sysctl.d/10-x.conf");
  CHECK(to_text(lines[1].where) == "/usr/lib/sysctl.d/9-x.conf:2");
}

TEST_CASE("conf files: only names that end in .conf count") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/README", setting(1));
  host.files.put("/etc/sysctl.d/x.conf.bak", setting(1));

  CHECK(both(host.read()) == "none");
}

TEST_CASE("conf files: a file masks those of its name in all lower directories") {
  SmallHost host;
  int value = 5;
  for (const char* directory : {"/lib", "/usr/lib", "/usr/local/lib", "/run", "/etc"}) {
    const std::string path = std::string(directory) + "/sysctl.d/50-x.conf";
    host.files.put(path, setting(--value));

    CHECK(both(host.read()) == path + ":1 " + std::to_string(value));
    CHECK(host.read().lines_on(kSomaxconn).size() == 1);
  }
}

TEST_CASE("conf files: an empty file and a link to /dev/null mask without a remark") {
  for (const bool is_link : {false, true}) {
    const TemporaryDirectory root;
    root.put("usr/lib/sysctl.d/50-x.conf", setting(1));
    root.put("etc/sysctl.d/README", "");
    const std::string mask = root.path() + "/etc/sysctl.d/50-x.conf";
    if (is_link) {
      std::filesystem::create_symlink("/dev/null", mask);
    } else {
      root.put("etc/sysctl.d/50-x.conf", "");
    }

    const PersistentSettings settings = read_tree(root);

    CHECK(both(settings) == "none");
    CHECK(settings.remarks.empty());
  }
}

TEST_CASE("conf files: a link to nowhere masks, and is remarked") {
  const TemporaryDirectory root;
  root.put("usr/lib/sysctl.d/50-x.conf", setting(1));
  root.put("etc/sysctl.d/README", "");
  std::filesystem::create_symlink("nowhere", root.path() + "/etc/sysctl.d/50-x.conf");

  const PersistentSettings settings = read_tree(root);

  CHECK(both(settings) == "none");
  REQUIRE(settings.remarks.size() == 1);
  CHECK(settings.remarks[0].where.file == "/etc/sysctl.d/50-x.conf");
  CHECK(settings.remarks[0].message.starts_with("this link leads nowhere"));
}

TEST_CASE("conf files: a directory or a named pipe masks, is remarked, and is not waited for") {
  for (const bool is_pipe : {false, true}) {
    const TemporaryDirectory root;
    root.put("usr/lib/sysctl.d/50-x.conf", setting(1));
    root.put("etc/sysctl.d/README", "");
    const std::string path = root.path() + "/etc/sysctl.d/50-x.conf";
    CHECK((is_pipe ? mkfifo(path.c_str(), 0600) : mkdir(path.c_str(), 0700)) == 0);

    const PersistentSettings settings = read_tree(root);

    CHECK(both(settings) == "none");
    REQUIRE(settings.remarks.size() == 1);
    CHECK(settings.remarks[0].message ==
          "cannot read /etc/sysctl.d/50-x.conf: it is no regular file; what it sets is unknown");
  }
}

TEST_CASE("conf files: sysctl.conf comes last under procps and is not read by systemd") {
  SmallHost host;
  host.files.put("/etc/sysctl.conf", setting(1));
  host.files.put("/etc/sysctl.d/zz-last.conf", setting(2));

  const PersistentSettings settings = host.read();

  CHECK(systemd(settings) == "/etc/sysctl.d/zz-last.conf:1 2");
  CHECK(procps(settings) == "/etc/sysctl.conf:1 1");
  CHECK(settings.lines_on(kSomaxconn).back().read_by == SysctlLoaders{false, true});
}

TEST_CASE("conf files: sysctl.conf linked as 99-sysctl.conf is read by both, at its places") {
  const TemporaryDirectory root;
  root.put("etc/sysctl.conf", setting(1) + "nonsense\nabsent.key = 1\n");
  root.put("etc/sysctl.d/99-zz.conf", setting(2));
  root.put("etc/sysctl.d/98-x.conf", setting(3));
  std::filesystem::create_symlink("../sysctl.conf", root.path() + "/etc/sysctl.d/99-sysctl.conf");

  const PersistentSettings settings = read_tree(root);

  CHECK(systemd(settings) == "/etc/sysctl.d/99-zz.conf:1 2");
  CHECK(procps(settings) == "/etc/sysctl.conf:1 1");
  CHECK(settings.lines_on(kSomaxconn).size() == 4);
  CHECK(settings.lines_on(kSomaxconn)[1].read_by == SysctlLoaders{true, true});
  CHECK(settings.remarks.size() == 1);
  CHECK(settings.unmatched.size() == 1);
}

TEST_CASE("conf files: a hidden file is read by procps only") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/.x.conf", setting(1));

  CHECK(systemd(host.read()) == "none");
  CHECK(procps(host.read()) == "/etc/sysctl.d/.x.conf:1 1");
}

TEST_CASE("conf files: what may not be read is remarked, and still masks") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/50-x.conf", setting(1));
  host.files.put("/usr/lib/sysctl.d/50-x.conf", setting(2));
  host.files.put("/run/sysctl.d/60-x.conf", setting(3));
  host.files.make_unreadable("/etc/sysctl.d/50-x.conf");
  host.files.make_unreadable("/run/sysctl.d");

  const PersistentSettings settings = host.read();

  CHECK(both(settings) == "none");
  REQUIRE(settings.remarks.size() == 2);
  CHECK(settings.remarks[0].where.file == "/run/sysctl.d");
  CHECK(settings.remarks[1].where.file == "/etc/sysctl.d/50-x.conf");
  CHECK(settings.remarks[1].hint == "run this as root");
}

TEST_CASE("conf files: a malformed line is remarked with its place, and the others count") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/50-x.conf", "nonsense\n" + setting(1));

  const PersistentSettings settings = host.read();

  CHECK(both(settings) == "/etc/sysctl.d/50-x.conf:2 1");
  REQUIRE(settings.remarks.size() == 1);
  CHECK(to_text(settings.remarks[0].where) == "/etc/sysctl.d/50-x.conf:1");
}

TEST_CASE("conf files: a file that is only proposed is read as if it stood there") {
  const std::string ours = "/etc/sysctl.d/50-x.conf";
  SmallHost host;
  host.files.put("/usr/lib/sysctl.d/50-x.conf", setting(1));
  host.files.put("/usr/lib/sysctl.d/40-x.conf", setting(2));
  const auto as_proposed = [&](const FileChange& proposed) {
    return both(settings_of(with(read_configuration(host.files), proposed), host.kernel));
  };

  CHECK(as_proposed({ours, std::nullopt, "\n" + setting(3)}) == ours + ":2 3");
  host.files.put(ours, setting(4));
  CHECK(as_proposed({ours, setting(4), setting(3)}) == ours + ":1 3");
  CHECK(as_proposed({ours, setting(4), std::nullopt}) == "/usr/lib/sysctl.d/50-x.conf:1 1");
  CHECK(both(host.read()) == ours + ":1 4");
}

TEST_CASE("conf files: a file that is proposed does not make up for a directory that is closed") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/99-zzz.conf", setting(1));
  host.files.make_unreadable("/etc/sysctl.d");

  const FileChange proposed{"/etc/sysctl.d/50-x.conf", std::nullopt, setting(2)};
  const PersistentSettings settings =
      settings_of(with(read_configuration(host.files), proposed), host.kernel);

  REQUIRE(settings.remarks.size() == 1);
  CHECK(settings.remarks[0].where.file == "/etc/sysctl.d");
}

TEST_CASE("conf files: a host run by systemd has its loader, unless that is masked or missing") {
  SmallHost host;
  host.files.put("/run/systemd/system/x", "");
  CHECK_FALSE(host.read().at_boot);
  CHECK(host.read().at_boot_because ==
        "systemd runs this host, but systemd-sysctl is not installed");

  host.files.put("/usr/lib/systemd/systemd-sysctl", "");
  CHECK(host.read().at_boot == SysctlLoader::kSystemd);

  host.files.put("/etc/systemd/system/systemd-sysctl.service", "");
  CHECK_FALSE(host.read().at_boot);
  CHECK(host.read().at_boot_because == "systemd-sysctl.service is masked");
}

TEST_CASE("conf files: a host with only the script of procps has that loader") {
  SmallHost host;
  host.files.put("/etc/init.d/procps", "");
  CHECK(host.read().at_boot == SysctlLoader::kProcps);

  // Either may run when this tree is booted.
  host.files.put("/lib/systemd/systemd-sysctl", "");
  CHECK_FALSE(host.read().at_boot);
}

TEST_CASE("conf files: where nothing tells the loader, it is unknown and says why") {
  const PersistentSettings settings = SmallHost().read();

  CHECK_FALSE(settings.at_boot);
  CHECK(settings.at_boot_because.starts_with("systemd does not run this host"));
}

TEST_CASE("conf files: what cannot be read is told apart from what is not there") {
  for (const int failure : {EIO, EACCES, ENOMEM}) {
    CAPTURE(failure);
    SmallHost host;
    host.files.put("/etc/sysctl.d/10.conf", setting(1));
    host.files.put("/etc/sysctl.d/20.conf", setting(2));
    CHECK(host.read().unread.empty());
    host.files.make_unreadable("/run/sysctl.d", failure);
    host.files.make_unreadable("/etc/sysctl.d/20.conf", failure);

    const PersistentSettings settings = host.read();

    REQUIRE(settings.unread.size() == 2);
    CHECK(settings.unread[0].where.file == "/run/sysctl.d");
    CHECK(settings.unread[1].where.file == "/etc/sysctl.d/20.conf");
  }
}

TEST_CASE("conf files: a kernel that cannot be asked for a pattern is told of, once") {
  SmallHost host;
  host.files.put("/etc/sysctl.d/10.conf", "net.core.* = 1\nnet.core.so* = 2\n");
  host.kernel.make_unlistable();

  const PersistentSettings settings = host.read();

  REQUIRE_FALSE(settings.unread.empty());
  CHECK(settings.unread[0].where.file.empty());
}

TEST_CASE("conf files: which loader runs is not concluded from what could not be read") {
  SmallHost host;
  host.files.put("/usr/lib/systemd/systemd-sysctl", "");
  host.files.put("/run/systemd/system/x", "");
  CHECK(host.read().at_boot == SysctlLoader::kSystemd);
  for (const char* path :
       {"/run/systemd/system", "/usr/lib/systemd", "/etc/systemd/system/systemd-sysctl.service"}) {
    CAPTURE(path);
    SmallHost sick;
    sick.files.put("/usr/lib/systemd/systemd-sysctl", "");
    sick.files.put("/run/systemd/system/x", "");
    sick.files.make_unreadable(path, EIO);

    const PersistentSettings settings = sick.read();

    CHECK_FALSE(settings.at_boot);
    CHECK(settings.at_boot_because.starts_with("that cannot be told: "));
  }
}

}  // namespace advisor::conf_files_test
