#include <doctest/doctest.h>

#include "plan/persistence.h"
#include "support/builders.h"
#include "sysctld/drop_in.h"

namespace advisor::boot_order_test {
namespace {

using testing::change;
using testing::name;
using Texts = testing::Lines;

constexpr const char* kOurs = "/etc/sysctl.d/99-zz-sysctl-advisor.conf";
constexpr const char* kRange = "net.ipv4.ip_local_port_range";
constexpr const char* kStart = "net.ipv4.ip_unprivileged_port_start";
constexpr const char* kLow = "net.ipv4.ipfrag_low_thresh";
constexpr const char* kHigh = "net.ipv4.ipfrag_high_thresh";

/// Files of a host, line by line.
struct Files {
  Files& say(const char* file, int line, const char* parameter, const char* value) {
    auto& lines = settings.settings[name(parameter)];
    for (PersistentSetting& earlier : lines) earlier.wins = {};
    lines.push_back({.parameter = name(parameter),
                     .value = value,
                     .where = {file, line, 0},
                     .read_by = {true, true},
                     .wins = {true, true}});
    return *this;
  }

  std::string value(const char* parameter, SysctlLoader loader) const {
    return BootRun(settings, start(), loader).left(name(parameter)).value->text();
  }

  std::vector<std::string> refused(const std::vector<Change>& persisted) const {
    return lines_refused_at_boot(persisted, settings, start());
  }

  BootStart start() const { return {catalogue, KernelVersion::parse("6.12"), {}}; }

  Catalogue catalogue = testing::shipped_catalogue();
  PersistentSettings settings;
};

/// A drop-in that is loaded upon what the kernel has set by itself.
std::string loadable(const std::string& text) {
  const Catalogue catalogue = testing::shipped_catalogue();
  const std::map<std::string, std::string> defaults = {
      {kRange, "32768 60999"}, {kStart, "1024"}, {kLow, "3145728"}, {kHigh, "4194304"}};
  return in_loadable_order(text, catalogue,
                           [&](const ParameterName& name) -> std::optional<ParameterValue> {
                             const auto found = defaults.find(std::string(name.dotted()));
                             if (found == defaults.end()) return std::nullopt;
                             return ParameterValue(found->second);
                           });
}

}  // namespace

TEST_CASE(
    "boot order: lines that the kernel would refuse change their places, with their reasons") {
  CHECK(loadable("# head\n\n# r: range\nnet.ipv4.ip_local_port_range = 500 60999\n\n"
                 "net.core.somaxconn = 4096\n\n# s: start\n"
                 "net/ipv4/ip_unprivileged_port_start=400\n") ==
        "# head\n\n# s: start\nnet/ipv4/ip_unprivileged_port_start=400\n\n"
        "net.core.somaxconn = 4096\n\n# r: range\nnet.ipv4.ip_local_port_range = 500 60999\n");
  CHECK(loadable("net.ipv4.ipfrag_low_thresh = 6291456\nnet.ipv4.ipfrag_high_thresh = 8388608\n") ==
        "net.ipv4.ipfrag_high_thresh = 8388608\nnet.ipv4.ipfrag_low_thresh = 6291456\n");
}

TEST_CASE("boot order: lines that are taken as they stand are left alone") {
  for (const std::string text :
       {"net.ipv4.ipfrag_high_thresh = 8388608\n# c\nnet.ipv4.ipfrag_low_thresh = 6291456\n",
        "net.ipv4.ipfrag_low_thresh = 1000\nnet.ipv4.ipfrag_high_thresh = 2000\n",
        "net.core.somaxconn = 1\n", "# only a comment\n",
        "net.ipv4.ipfrag_low_thresh = 2000\nnet.ipv4.ipfrag_high_thresh = 8388608\n"}) {
    CHECK(loadable(text) == text);
  }
}

TEST_CASE("boot order: what no order would help stays as it is") {
  const std::string text =
      "net.ipv4.ipfrag_low_thresh = 9000000\nnet.ipv4.ipfrag_high_thresh = 8388608\n";

  CHECK(parameters_in(loadable(text)) == parameters_in(text));
}

TEST_CASE("boot order: a loader leaves what the kernel takes of the lines") {
  Files wrong;
  wrong.say("/etc/sysctl.d/10-a.conf", 1, kRange, "500 60999")
      .say("/etc/sysctl.d/10-a.conf", 2, kStart, "400");
  Files right;
  right.say("/etc/sysctl.d/10-a.conf", 2, kRange, "500 60999")
      .say("/etc/sysctl.d/10-a.conf", 1, kStart, "400");

  for (const SysctlLoader loader : {SysctlLoader::kSystemd, SysctlLoader::kProcps}) {
    CHECK(wrong.value(kRange, loader) == "32768 60999");
    CHECK(right.value(kRange, loader) == "500 60999");
  }
}

TEST_CASE("boot order: systemd-sysctl does not come back to what a line repeats") {
  Files files;
  files.say("/etc/sysctl.d/10-a.conf", 1, kRange, "500 60999")
      .say(kOurs, 1, kStart, "400")
      .say(kOurs, 2, kRange, "500 60999");

  CHECK(files.value(kRange, SysctlLoader::kSystemd) == "32768 60999");
  CHECK(files.value(kRange, SysctlLoader::kProcps) == "500 60999");

  const Change wanted = change(kRange, "32768 60999", "500 60999");
  CHECK(files.refused({wanted}).empty());  // which of the two runs is not known
  files.settings.at_boot = SysctlLoader::kSystemd;
  REQUIRE(files.refused({wanted}).size() == 1);
  CHECK(files.refused({wanted})[0].find("/etc/sysctl.d/10-a.conf:1") != std::string::npos);
}

TEST_CASE("boot order: a value that goes only with what is set by hand now is refused at boot") {
  Files files;
  files.say(kOurs, 1, kRange, "500 60999");

  CHECK(files.refused({change(kRange, "32768 60999", "500 60999")}) ==
        Texts{"net.ipv4.ip_local_port_range = 500 60999 would not outlast a boot: the kernel takes "
              "nothing below net.ipv4.ip_unprivileged_port_start, which is 1024 when sysctl "
              "--system loads /etc/sysctl.d/99-zz-sysctl-advisor.conf:1 (no file sets that); set "
              "both in files, the other one too, or use --runtime"});
  files.say("/etc/sysctl.d/10-a.conf", 7, kStart, "400");
  CHECK(files.refused({change(kRange, "32768 60999", "500 60999")}).empty());
}

}  // namespace advisor::boot_order_test
