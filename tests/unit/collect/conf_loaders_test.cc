#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "collect/conf_files.h"
#include "plan/persistence.h"
#include "support/builders.h"
#include "support/temporary_directory.h"
#include "sysctld/drop_in.h"

namespace advisor::conf_loaders_test {
namespace {

using testing::TemporaryDirectory;

/// The loaders whose ways are described by sysctld/conf_line.h are these versions, and this system
/// lets us give them a /proc/sys of their own.
bool has_measured_loaders() {
  constexpr const char* kTest =
      "sysctl --version 2>/dev/null | grep -q 'procps-ng 4\\.0\\.2$' && "
      "/usr/lib/systemd/systemd-sysctl --version 2>/dev/null | grep -q '^systemd 252 ' && "
      "unshare --mount true 2>/dev/null";
  return geteuid() == 0 && std::system(kTest) == 0;
}

/// Runs a loader where /proc/sys, /etc, /run and the library directories are those below `root`,
/// and only there, as the file `copied` proves.
void run_loader(const std::string& root, const std::string& loader) {
  const std::string script =
      "cd '" + root +
      "' && mount --bind proc/sys /proc/sys && test -e /proc/sys/copied && "
      "mount --bind usr/lib/sysctl.d /usr/lib/sysctl.d && "
      "mount --bind usr/local/lib /usr/local/lib && mount --bind run /run && "
      "mount --bind etc /etc && test -e /proc/sys/copied && " +
      loader + " >/dev/null 2>&1";
  const std::string command =
      "PATH=$PATH:/usr/sbin unshare --mount --propagation private sh -c \"" + script + "\"";
  // The exit status of a loader is not foretold.
  [[maybe_unused]] const int status = std::system(command.c_str());
}

const std::vector<std::string> kParameters = {
    "net.core.a",         "net.core.b",         "net.ipv4.conf.eth0.a", "net.ipv4.conf.eth0/1.a",
    "net.ipv4.conf.lo.a", "net.ipv4.conf.lo.b", "net.ipv4.conf.?.a",    "net.ipv4.conf.*.a",
    "net.ipv4.conf.[x].a"};

const std::vector<std::string> kKeys = {"net.core.a",
                                        "net/core/a",
                                        "/net/core/a",
                                        ".net.core.a",
                                        "net..core.a",
                                        "net.core.a.",
                                        "net/core/../core/b",
                                        "net/none/../core/b",
                                        "net/core/a/../b",
                                        "net/ipv4/conf/../../core/b",
                                        "net/core/./b",
                                        "net.core",
                                        "a",
                                        "net.ipv4.conf.eth0.1.a",
                                        "net.ipv4.conf.eth0/1.a",
                                        "net/ipv4/conf/eth0.1/a",
                                        "net.ipv4.conf.lo.a",
                                        "net.ipv4.conf.*.a",
                                        "net/ipv4/conf/*/a",
                                        "net.ipv4.conf.l?.*",
                                        "net.ipv4.conf.eth[01].a",
                                        "net.*.a",
                                        "*/core/a",
                                        "net.{core,none}.[ab]",
                                        "net.ipv4.conf.{lo,eth0}.a",
                                        "net.ipv4.conf.{lo,eth0}.*",
                                        "net.ipv4.conf.?.a",
                                        "net.ipv4.conf.[?].a",
                                        "net.ipv4.conf.[x].a",
                                        "net.ipv4.conf.[[]x].a",
                                        "net.core.?"};

const std::vector<std::string> kFiles = {"etc/sysctl.d/50-a.conf",
                                         "run/sysctl.d/50-a.conf",
                                         "etc/sysctl.d/9.conf",
                                         "usr/lib/sysctl.d/50-a.conf",
                                         "usr/local/lib/sysctl.d/60.conf",
                                         "usr/lib/sysctl.d/B.conf",
                                         "etc/sysctl.conf",
                                         "usr/local/lib/sysctl.d/.hid.conf",
                                         "run/sysctl.d/zz.conf",
                                         "etc/sysctl.d/no.conf~"};

/// Our drop-in, and files that may beat it.
constexpr const char* kOurs = "etc/sysctl.d/99-zz-sysctl-advisor.conf";
const std::vector<std::string> kLaterFiles = {"etc/sysctl.d/99-zzz.conf", "run/sysctl.d/zz.conf",
                                              "usr/lib/sysctl.d/99-zz-z.conf", "etc/sysctl.conf"};

/// Files of lines that anybody might write, and some that nobody should.
class HostMaker {
 public:
  explicit HostMaker(unsigned seed) : random_(seed) {}

  /// Our drop-in, which sets every parameter and holds lines of somebody else's, as its text.
  std::string our_text() {
    std::string ours = text();
    std::vector<Change> changes;
    for (const std::string& parameter : kParameters) {
      changes.push_back(testing::change(parameter, "0", std::to_string(10 + below(9))));
    }
    return updated_drop_in(ours, changes, Report());
  }

  void make_later_files(const TemporaryDirectory& root) {
    for (const std::string& file : kLaterFiles) {
      if (below(3) == 0) root.put(file, text());
    }
  }

  void make(const TemporaryDirectory& root) {
    for (const char* directory :
         {"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d"}) {
      std::filesystem::create_directories(root.path() + "/" + directory);
    }
    for (const std::string& file : kFiles) {
      if (below(2) == 0) root.put(file, text());
    }
    if (below(2) == 0) {
      std::filesystem::create_symlink("../sysctl.conf", root.path() + "/etc/sysctl.d/99.conf");
    }
    if (below(4) == 0) {
      std::filesystem::create_symlink("/dev/null", root.path() + "/etc/sysctl.d/B.conf");
    }
    if (below(4) == 0) std::filesystem::create_directory(root.path() + "/etc/sysctl.d/60.conf");
  }

 private:
  size_t below(size_t limit) { return random_() % limit; }

  std::string one_of(const std::vector<std::string>& choices) {
    return choices[below(choices.size())];
  }

  std::string text() {
    std::string text = below(20) == 0 ? "\xEF\xBB\xBF" : "";
    for (size_t lines = below(6); lines > 0; --lines) {
      const bool odd = below(4) == 0;
      if (odd) text += one_of({" ", "\t", "\f", "#", ";", "nonsense\n", "=1\n", "-\n", "\r", "--"});
      text += one_of({"", "", "", "-", odd ? "- " : "-"}) + one_of(kKeys);
      if (odd) text += one_of({" ", "\v", "", std::string(1, '\0')});
      if (below(4) > 0) text += one_of({"=", " = "}) + std::to_string(1 + below(9));
      text += odd ? one_of({"\r\n", "\r", " \n", "\n\r"}) : "\n";
    }
    return text;
  }

  std::mt19937 random_;
};

/// What our own line in a drop-in sets a parameter to.
std::string value_in(const std::string& drop_in, const std::string& parameter) {
  const std::string start = "\n" + name_in_file(testing::name(parameter)) + " = ";
  const size_t at = ("\n" + drop_in).find(start) + start.size() - 1;
  return drop_in.substr(at, drop_in.find('\n', at) - at);
}

std::string file_of(const std::string& parameter) {
  return "proc/sys/" + testing::name(parameter).path();
}

}  // namespace

TEST_CASE("conf loaders: systemd-sysctl and procps leave the values that are foretold") {
  if (!has_measured_loaders()) {
    MESSAGE("skipped: needs root, procps 4.0.2 and systemd-sysctl 252");
    return;
  }
  for (unsigned seed = 0; seed < 20; ++seed) {
    for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
      CAPTURE(seed);
      CAPTURE(to_text(loader));
      const TemporaryDirectory root;
      HostMaker(seed).make(root);
      root.put("proc/sys/copied", "");
      for (const std::string& parameter : kParameters) root.put(file_of(parameter), "0");
      const PersistentSettings foretold =
          read_persistent_settings(PosixFileStore(root.path()), ProcSysctlTree(root.path()));

      run_loader(root.path(), loader == SysctlLoader::kSystemd ? "/usr/lib/systemd/systemd-sysctl"
                                                               : "sysctl --system");

      for (const std::string& parameter : kParameters) {
        const PersistentSetting* winner = foretold.winner(testing::name(parameter), loader);
        CAPTURE(parameter);
        CHECK(ParameterValue(root.text(file_of(parameter))).text() ==
              ParameterValue(winner ? *winner->value : "0").text());
      }
    }
  }
}

TEST_CASE("conf loaders: whether our drop-in wins is foretold before it is written") {
  if (!has_measured_loaders()) {
    MESSAGE("skipped: needs root, procps 4.0.2 and systemd-sysctl 252");
    return;
  }
  int won = 0, lost = 0;
  for (unsigned seed = 100; seed < 115; ++seed) {
    for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
      CAPTURE(seed);
      CAPTURE(to_text(loader));
      const TemporaryDirectory root;
      HostMaker maker(seed);
      maker.make(root);
      maker.make_later_files(root);
      root.put("proc/sys/copied", "");
      for (const std::string& parameter : kParameters) root.put(file_of(parameter), "0");
      const std::string ours = maker.our_text();
      std::vector<Change> persisted;
      for (const std::string& parameter : kParameters) {
        persisted.push_back(testing::change(parameter, "0", value_in(ours, parameter)));
      }
      const FileChange proposed{std::string("/") + kOurs, std::nullopt, ours};
      const Configuration configuration = read_configuration(PosixFileStore(root.path()));
      const PersistentSettings settings =
          settings_of(with(configuration, proposed), ProcSysctlTree(root.path()));
      const std::vector<BeatenLine> beaten =
          beaten_lines(persisted, settings, {Catalogue(), std::nullopt, {}});

      root.put(kOurs, ours);
      run_loader(root.path(), loader == SysctlLoader::kSystemd ? "/usr/lib/systemd/systemd-sysctl"
                                                               : "sysctl --system");

      for (const Change& change : persisted) {
        const bool loses = std::any_of(beaten.begin(), beaten.end(), [&](const BeatenLine& line) {
          return line.parameter == change.parameter && line.loader == loader;
        });
        CAPTURE(std::string(change.parameter.dotted()));
        const std::string after = root.text(file_of(std::string(change.parameter.dotted())));
        CHECK((ParameterValue(after) != change.after) == loses);
        ++(loses ? lost : won);
      }
    }
  }
  CHECK(won > 20);
  CHECK(lost > 20);
}

}  // namespace advisor::conf_loaders_test
