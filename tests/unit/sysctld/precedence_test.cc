#include "sysctld/precedence.h"

#include <doctest/doctest.h>

#include "support/builders.h"
#include "support/fake_kernel.h"

namespace advisor::precedence_test {
namespace {

using testing::name;

constexpr const char* kAll = "net.ipv4.conf.all.rp_filter";
constexpr const char* kEth0 = "net.ipv4.conf.eth0.rp_filter";
constexpr const char* kLo = "net.ipv4.conf.lo.rp_filter";

/// What a kernel with three interfaces and somaxconn gets from the texts, one file each.
PersistentSettings settle(const std::vector<std::string>& texts) {
  testing::Steps steps;
  testing::FakeKernel kernel(steps);
  for (const char* parameter : {kAll, kEth0, kLo, "net.core.somaxconn",
                                "net.ipv4.conf.eth0/100.rp_filter", "net.ipv6.conf.lo.rp_filter"}) {
    kernel.set(parameter, "0");
  }
  std::vector<ConfFile> files;
  for (const std::string& text : texts) {
    const std::string path = std::to_string(files.size()) + ".conf";
    files.push_back({path, parse_conf_text(path, text).lines, {true, true}, false});
  }
  PersistentSettings persistent;
  add_settings(files, kernel, persistent);
  return persistent;
}

/// The value that a loader leaves; "-" if it leaves the parameter alone.
std::string value_by(SysctlLoader loader, const PersistentSettings& settings,
                     const std::string& parameter) {
  const PersistentSetting* winner = settings.winner(name(parameter), loader);
  return winner ? winner->value.value_or("excluded") : "-";
}

std::string systemd(const PersistentSettings& settings, const std::string& parameter) {
  return value_by(SysctlLoader::kSystemd, settings, parameter);
}

std::string procps(const PersistentSettings& settings, const std::string& parameter) {
  return value_by(SysctlLoader::kProcps, settings, parameter);
}

/// The value under both; fails if they differ.
std::string both(const PersistentSettings& settings, const std::string& parameter) {
  CHECK(systemd(settings, parameter) == procps(settings, parameter));
  return systemd(settings, parameter);
}

}  // namespace

TEST_CASE("conf precedence: the last assignment wins, in a file and over files") {
  const auto settings = settle({"net.core.somaxconn=1\nnet/core/somaxconn=2\n",
                                "net.core.somaxconn=3\nnet.core.somaxconn = 4"});

  CHECK(both(settings, "net.core.somaxconn") == "4");
  const auto& lines = settings.lines_on(name("net.core.somaxconn"));
  REQUIRE(lines.size() == 4);
  CHECK(lines[1].where == SourceLocation{"0.conf", 2, 0});
  CHECK(lines[1].wins.none());
  CHECK(lines[3].where == SourceLocation{"1.conf", 2, 0});
  CHECK(lines[3].wins == SysctlLoaders{true, true});
}

TEST_CASE("conf precedence: a named parameter beats every pattern, wherever it stands") {
  CHECK(both(settle({"net.ipv4.conf.lo.rp_filter=1", "net.ipv4.conf.*.rp_filter=2"}), kLo) == "1");
  CHECK(both(settle({"net.ipv4.conf.*.rp_filter=2", "net.ipv4.conf.lo.rp_filter=1"}), kLo) == "1");
  CHECK(both(settle({"net.ipv4.conf.lo.rp_filter=1", "net.ipv4.conf.*.rp_filter=2"}), kAll) == "2");
}

TEST_CASE("conf precedence: an exclusion anywhere keeps the parameter out of every pattern") {
  for (const auto& texts :
       {std::vector<std::string>{"-net.ipv4.conf.lo.rp_filter", "net.ipv4.conf.*.rp_filter=2"},
        {"net.ipv4.conf.*.rp_filter=2", "-net.ipv4.conf.lo.rp_filter"}}) {
    const auto settings = settle(texts);

    CHECK(both(settings, kLo) == "-");
    CHECK(both(settings, kEth0) == "2");
    CHECK(settings.lines_on(name(kLo)).size() == 2);
  }
}

TEST_CASE("conf precedence: an exclusion that is a pattern excludes nothing") {
  const auto settings = settle({"net.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.l?.rp_filter"});

  CHECK(both(settings, kLo) == "2");
}

TEST_CASE("conf precedence: among patterns the later line wins") {
  const auto settings = settle({"net.ipv4.conf.*.rp_filter=1\nnet.ipv4.conf.eth*.rp_filter=2"});

  CHECK(both(settings, kEth0) == "2");
  CHECK(both(settings, kLo) == "1");
  CHECK(both(settings, "net.ipv4.conf.eth0/100.rp_filter") == "2");
}

TEST_CASE("conf precedence: a later exclusion undoes an assignment under systemd only") {
  const auto settings = settle({"net.core.somaxconn=1\n-net.core.somaxconn"});

  CHECK(systemd(settings, "net.core.somaxconn") == "-");
  CHECK(procps(settings, "net.core.somaxconn") == "1");
}

TEST_CASE("conf precedence: an assignment behind an exclusion stands") {
  CHECK(both(settle({"-net.core.somaxconn\nnet.core.somaxconn=1"}), "net.core.somaxconn") == "1");
}

TEST_CASE("conf precedence: a pattern repeated with its value keeps its place under systemd") {
  const auto settings = settle(
      {"net.ipv4.conf.*.rp_filter=1\nnet.ipv4.conf.l?.rp_filter=2\nnet.ipv4.conf.*.rp_filter=1"});

  CHECK(systemd(settings, kLo) == "2");
  CHECK(procps(settings, kLo) == "1");
}

TEST_CASE("conf precedence: a pattern repeated with another value moves to the end") {
  const auto settings = settle(
      {"net.ipv4.conf.*.rp_filter=1\nnet.ipv4.conf.l?.rp_filter=2\nnet.ipv4.conf.*.rp_filter=3"});

  CHECK(both(settings, kLo) == "3");
}

TEST_CASE("conf precedence: the same pattern as an exclusion takes it back under systemd only") {
  const auto settings = settle({"net.ipv4.conf.*.rp_filter=1\n-net.ipv4.conf.*.rp_filter"});

  CHECK(systemd(settings, kLo) == "-");
  CHECK(procps(settings, kLo) == "1");
}

TEST_CASE("conf precedence: braces in a pattern are expanded by systemd only") {
  const auto settings = settle({"net.{ipv4,ipv6}.conf.l*.rp_filter=1"});

  CHECK(systemd(settings, kLo) == "1");
  CHECK(systemd(settings, "net.ipv6.conf.lo.rp_filter") == "1");
  CHECK(procps(settings, kLo) == "-");
}

TEST_CASE("conf precedence: procps does not see a doubled separator name what a pattern matches") {
  const auto settings = settle({"net..ipv4.conf.lo.rp_filter=1\n/net/ipv4/conf/all/rp_filter=1",
                                "net.ipv4.conf.*.rp_filter=2", "-net/./ipv4/conf/eth0/rp_filter"});

  CHECK(systemd(settings, kLo) == "1");
  CHECK(systemd(settings, kAll) == "1");
  CHECK(systemd(settings, kEth0) == "-");
  CHECK(procps(settings, kLo) == "2");
  CHECK(procps(settings, kAll) == "2");
  CHECK(procps(settings, kEth0) == "2");
  CHECK(settings.lines_on(name(kLo)).size() == 2);
}

TEST_CASE("conf precedence: what a setting came from is kept") {
  const auto settings = settle({"-net.ipv4.conf.l*.rp_filter=1"});

  const PersistentSetting* winner = settings.winner(name(kLo), SysctlLoader::kSystemd);
  REQUIRE(winner);
  CHECK(winner->from_glob);
  CHECK(winner->ignores_errors);
  CHECK(winner->read_by == SysctlLoaders{true, true});
}

TEST_CASE("conf precedence: what this kernel lacks is said, and kept for when it appears") {
  const auto settings =
      settle({"net.bridge.bridge-nf-call-iptables=1\nsomaxconn=1\n"
              "net.ipv9.*=1\n-net.ipv4.conf.gone.rp_filter\n"});

  REQUIRE(settings.unmatched.size() == 3);
  CHECK(settings.unmatched[0].message ==
        "this kernel, or this namespace, does not have net.bridge.bridge-nf-call-iptables");
  CHECK(settings.unmatched[1].where.line == 2);
  CHECK(settings.unmatched[2].message == "no parameter of this kernel matches net.ipv9.*");
  CHECK(both(settings, "net.bridge.bridge-nf-call-iptables") == "1");
}

TEST_CASE("conf precedence: a VLAN spelled with dots is told how to be spelled") {
  const auto settings = settle({"net.ipv4.conf.eth0.100.rp_filter=1"});

  REQUIRE(settings.unmatched.size() == 1);
  CHECK(settings.unmatched[0].hint ==
        "write net/ipv4/conf/eth0.100/rp_filter, with slashes, if the interface is meant");
}

TEST_CASE("conf precedence: a line that only one loader understands is unmatched under the other") {
  const auto settings = settle({"- net.core.somaxconn=1\n"});

  CHECK(systemd(settings, "net.core.somaxconn") == "1");
  CHECK(procps(settings, "net.core.somaxconn") == "-");
  REQUIRE(settings.unmatched.size() == 1);
  CHECK(settings.unmatched[0].message.ends_with("as sysctl --system reads this line"));
}

TEST_CASE("conf precedence: the way over a parent directory works under procps, if it is there") {
  const auto by_procps = [](const std::string& key) {
    const auto settings = settle({key + " = 7\n"});
    CHECK(systemd(settings, "net.core.somaxconn") == "-");
    return procps(settings, "net.core.somaxconn");
  };

  CHECK(by_procps("net/ipv6/../core/somaxconn") == "7");
  CHECK(by_procps("net/ipv4/conf/../../core/somaxconn") == "7");
  CHECK(by_procps("net/nosuch/../core/somaxconn") == "-");
  CHECK(by_procps("net/core/somaxconn/../somaxconn") == "-");
  CHECK(by_procps("net/../../net/core/somaxconn") == "-");
}

TEST_CASE("conf precedence: what nobody can find is told") {
  const auto settings = settle({"net/nosuch/../core/somaxconn = 7\n"});

  REQUIRE(settings.unmatched.size() == 2);
  CHECK(settings.unmatched[1].message ==
        "this kernel, or this namespace, does not have net/nosuch/../core/somaxconn, as sysctl "
        "--system reads this line");
}

TEST_CASE("conf precedence: a line spelled like an interface called by a pattern is not its own") {
  constexpr const char* kOdd = "net.ipv4.conf.?.rp_filter";
  testing::Steps steps;
  testing::FakeKernel kernel(steps);
  for (const char* parameter : {kOdd, "net.ipv4.conf.a.rp_filter"}) kernel.set(parameter, "0");
  const auto settle_on = [&](const std::string& text) {
    PersistentSettings persistent;
    add_settings({{"a.conf", parse_conf_text("a.conf", text).lines, {true, true}, false}}, kernel,
                 persistent);
    return persistent;
  };

  const auto spelled = settle_on("net.ipv4.conf.?.rp_filter = 1\n");
  CHECK(both(spelled, kOdd) == "-");
  CHECK(both(spelled, "net.ipv4.conf.a.rp_filter") == "1");

  const auto escaped = settle_on("net.ipv4.conf.[?].rp_filter = 1\n");
  CHECK(both(escaped, kOdd) == "1");
  CHECK(both(escaped, "net.ipv4.conf.a.rp_filter") == "-");

  // It takes it out of the others, wherever it stands.
  CHECK(both(settle_on("net.ipv4.conf.[?].rp_filter = 1\nnet.ipv4.conf.?.rp_filter = 2\n"), kOdd) ==
        "-");
  CHECK(both(settle_on("-net.ipv4.conf.?.rp_filter\nnet.ipv4.conf.[?].rp_filter = 1\n"), kOdd) ==
        "-");
}

}  // namespace advisor::precedence_test
