#include "boot/file_values.h"

#include <doctest/doctest.h>

#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::file_values_test {
namespace {

using testing::name;
using testing::value;

constexpr SysctlLoaders kBoth{true, true};
constexpr const char* kTheirs = "/etc/sysctl.d/60-app.conf";
constexpr const char* kOurs = "/etc/sysctl.d/99-zz-sysctl-advisor.conf";

PersistentSetting line(const char* file, const char* parameter, const char* set,
                       SysctlLoaders wins) {
  return {.parameter = name(parameter),
          .value = set,
          .where = {file, 1, 0},
          .read_by = kBoth,
          .wins = wins};
}

/// A host on which nothing of what files say is in effect, and the one target of its profile.
struct SmallHost {
  SmallHost(const char* named, const char* now, const char* demand) : parameter(named) {
    testing::set(snapshot, named, now);
    profile = std::string("name = \"p\"\nsummary = \"s\"\n[targets]\n\"") + named +
              "\" = " + demand + "\n";
  }

  SmallHost& with_their_line(const char* set, const char* under = nullptr) {
    auto theirs = line(kTheirs, under ? under : parameter, set, kBoth);
    theirs_.settings[theirs.parameter].push_back(theirs);
    all_.settings[theirs.parameter].push_back(theirs);
    return *this;
  }

  SmallHost& with_our_line(const char* set) {
    auto& lines = all_.settings[name(parameter)];
    for (PersistentSetting& other : lines) other.wins = {};
    lines.push_back(line(kOurs, parameter, set, kBoth));
    return *this;
  }

  /// What is recommended; without a word where nothing is.
  Recommendation advice() const {
    Diagnostics diagnostics;
    const Catalogue& catalogue = testing::shipped_catalogue();
    const testing::TextProfiles profiles({{"p", profile}});
    const EffectiveProfile resolved =
        resolve_profiles({"p"}, profiles, testing::knowledge(catalogue), diagnostics);
    const FileValues files(all_, theirs_, boot_start(catalogue, snapshot));
    Surroundings around;
    around.at_boot[name(parameter)] = files.of(name(parameter));
    const Report report = audit(resolved, catalogue, snapshot, {}, diagnostics, around);
    CHECK(testing::lines_of(diagnostics) == testing::Lines{});
    REQUIRE(report.findings.size() == 1);
    REQUIRE(report.findings[0].recommendations.size() == 1);
    return report.findings[0].recommendations[0];
  }

  std::string advised() const { return advice().advised.text(); }

  const char* parameter;
  std::string profile;
  Snapshot snapshot = testing::idle_host();
  PersistentSettings all_;
  PersistentSettings theirs_;
};

}  // namespace

TEST_CASE("file values: a file that asks for more than is demanded is what is advised") {
  const Recommendation wanted = SmallHost("net.core.somaxconn", "128", "{ at_least = 1024 }")
                                    .with_their_line("50000")
                                    .advice();

  CHECK(wanted.advised == value("50000"));
  REQUIRE(wanted.at_boot);
  CHECK(wanted.at_boot->meets);
  CHECK(to_text(wanted.at_boot->line.where) == "/etc/sysctl.d/60-app.conf:1");
}

TEST_CASE("file values: a line that comes too early for its module is not undercut either") {
  SmallHost host("net.netfilter.nf_conntrack_max", "7680", "{ at_least = 65536 }");
  host.with_their_line("262144");
  for (PersistentSettings* files : {&host.all_, &host.theirs_}) {
    files->modules.emplace().loaded.emplace()["nf_conntrack"] = {};
  }

  CHECK(host.advised() == "262144");
}

TEST_CASE("file values: likewise for every other demand that the line meets") {
  CHECK(SmallHost("net.ipv4.tcp_fin_timeout", "60", "{ at_most = 45 }")
            .with_their_line("10 # vendor")
            .advised() == "10");
  CHECK(SmallHost("net.ipv4.ip_local_port_range", "32768 60999", "{ covers = [20000, 60999] }")
            .with_their_line("10000 65535")
            .advised() == "10000 65535");
  CHECK(SmallHost("net.ipv4.ip_local_reserved_ports", "", "{ includes = \"8080\" }")
            .with_their_line("8080-8090")
            .advised() == "8080-8090");
  CHECK(SmallHost("net.ipv4.tcp_tw_reuse", "0", "{ one_of = [2, 1] }")
            .with_their_line("1")
            .advised() == "1");
  const Recommendation same =
      SmallHost("net.ipv4.tcp_timestamps", "0", "{ exactly = 1 }").with_their_line("1").advice();
  CHECK(same.advised == value("1"));
  CHECK(same.at_boot->meets);
}

TEST_CASE("file values: what may be no value of the parameter is neither set nor undercut") {
  const Recommendation wanted = SmallHost("net.ipv4.tcp_fin_timeout", "10", "{ at_least = 45 }")
                                    .with_their_line("2000000")
                                    .advice();

  CHECK(wanted.advised == value("45"));
  CHECK(wanted.at_boot->meets);
}

TEST_CASE("file values: what cannot be taken back is not set for the sake of a file") {
  const Recommendation wanted =
      SmallHost("kernel.yama.ptrace_scope", "0", "{ at_least = 1 }").with_their_line("3").advice();

  CHECK(wanted.advised == value("1"));
  CHECK(wanted.at_boot->meets);
}

TEST_CASE("file values: a line that does not meet the demand is named and not followed") {
  const Recommendation wanted =
      SmallHost("net.core.somaxconn", "128", "{ at_least = 1024 }").with_their_line("256").advice();

  CHECK(wanted.advised == value("1024"));
  REQUIRE(wanted.at_boot);
  CHECK_FALSE(wanted.at_boot->meets);
}

TEST_CASE("file values: a line under another name of the variable counts") {
  CHECK(SmallHost("net.netfilter.nf_conntrack_max", "7680", "{ at_least = 15360 }")
            .with_their_line("262144", "net.nf_conntrack_max")
            .advised() == "262144");
}

TEST_CASE("file values: a short line leaves the other numbers as they are") {
  CHECK(SmallHost("net.ipv4.tcp_rmem", "4096 65536 6291456", "{ at_least = { default = 100000 } }")
            .with_their_line("4096 131072")
            .advised() == "4096 131072 6291456");
}

TEST_CASE("file values: no limit is at least anything") {
  CHECK(SmallHost("net.netfilter.nf_conntrack_max", "7680", "{ at_least = 15360 }")
            .with_their_line("0")
            .advised() == "0");
}

TEST_CASE("file values: a line of ours that undercuts theirs has to go, one beyond it has not") {
  const Recommendation undercut = SmallHost("net.core.somaxconn", "128", "{ at_least = 1024 }")
                                      .with_their_line("50000")
                                      .with_our_line("4096")
                                      .advice();
  const Recommendation beyond = SmallHost("net.core.somaxconn", "128", "{ at_least = 1024 }")
                                    .with_their_line("2048")
                                    .with_our_line("8192")
                                    .advice();

  CHECK(undercut.advised == value("50000"));
  CHECK(undercut.at_boot->undercut);
  CHECK(beyond.advised == value("8192"));
  CHECK_FALSE(beyond.at_boot->undercut);
}

TEST_CASE("file values: where the loaders that may run do not agree nothing is told") {
  SmallHost host("net.core.somaxconn", "128", "{ at_least = 1024 }");
  auto last = line("/etc/sysctl.conf", "net.core.somaxconn", "50000", {false, true});
  last.read_by = {false, true};
  host.all_.settings[last.parameter] = {last};
  host.theirs_ = host.all_;
  CHECK_FALSE(host.advice().at_boot);

  host.all_.at_boot = SysctlLoader::kProcps;
  CHECK(host.advised() == "50000");
}

}  // namespace advisor::file_values_test
