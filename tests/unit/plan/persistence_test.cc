#include "plan/persistence.h"

#include <doctest/doctest.h>

#include "plan/persistence_words.h"
#include "rules/audit.h"
#include "support/builders.h"

namespace advisor::persistence_test {
namespace {

using testing::change;
using testing::name;
using testing::value;
using Texts = testing::Lines;

constexpr const char* kOurs = "/etc/sysctl.d/99-zz-sysctl-advisor.conf";

PersistentSetting line(const char* parameter, const std::optional<std::string>& set,
                       const char* file, SysctlLoaders read_by, SysctlLoaders wins) {
  return {.parameter = name(parameter),
          .value = set,
          .where = {file, 3, 0},
          .read_by = read_by,
          .wins = wins};
}

std::vector<BeatenLine> beaten_lines(const std::vector<Change>& persisted,
                                     const PersistentSettings& proposed,
                                     const Catalogue& catalogue) {
  return advisor::beaten_lines(persisted, proposed, {catalogue, std::nullopt, {}});
}

/// A host of the catalogue's own, with one profile of plain targets and a rule.
struct SmallHost {
  SmallHost() {
    snapshot.host.kernel = "6.1.0";
    testing::set(snapshot, "net.a", "10");
    testing::set(snapshot, "net.b", "1");
    testing::set(snapshot, "net.c", "1");
    testing::set(snapshot, "net.ratio", "0");
    testing::set(snapshot, "net.bytes", "5");
  }

  std::vector<Change> lost(bool allow_one_way = false) {
    Diagnostics diagnostics;
    const testing::TextProfiles profiles({{"p", profile}, {"rules/g", rules}});
    const EffectiveProfile resolved =
        resolve_profiles({"p"}, profiles, testing::knowledge(catalogue), diagnostics);
    CHECK(testing::lines_of(diagnostics) == Texts{});
    const Report report = audit(resolved, catalogue, snapshot, {}, diagnostics);
    const std::vector<Change> planned = plan_changes(report, catalogue, {allow_one_way}).changes;
    return lost_at_boot(report, planned, {resolved, catalogue, {}, files}, {allow_one_way});
  }

  /// A file sets the parameter, under both loaders.
  void set_by_file(const char* parameter, const char* set) {
    files.settings[name(parameter)] = {
        line(parameter, set, "/etc/sysctl.d/10-x.conf", {true, true}, {true, true})};
  }

  Catalogue catalogue = testing::catalogue_from(
      "[\"net.a\"]\ntype = \"int\"\nmin = 0\nmax = 100\ndefault = \"2\"\nmeaning = \"m\"\n"
      "[\"net.b\"]\ntype = \"int\"\nmin = 0\nmax = 100\ndefault = \"0\"\nmeaning = \"m\"\n"
      "[\"net.c\"]\ntype = \"int\"\nmin = 0\nmax = 1\ndefault = \"0\"\none_way = [1]\n"
      "meaning = \"m\"\n"
      "[\"net.ratio\"]\ntype = \"int\"\nmin = 0\nmax = 100\ndefault = \"20\"\n"
      "excludes = [\"net.bytes\"]\nmeaning = \"m\"\n"
      "[\"net.bytes\"]\ntype = \"int\"\nmin = 0\nmax = 100\ndefault = \"0\"\n"
      "excludes = [\"net.ratio\"]\nmeaning = \"m\"\n");
  std::string rules;
  std::string profile = "name = \"p\"\nsummary = \"s\"\n[targets]\n\"net.a\" = { at_least = 8 }\n";
  Snapshot snapshot;
  PersistentSettings files;
};

BeatenLine beaten(SysctlLoader loader, const std::optional<std::string>& sets = "1") {
  return {name("net.a"), value("10"), loader,
          line("net.a", sets, "/etc/sysctl.d/99-zzz.conf", {true, true}, {true, true})};
}

BootProspect prospect(std::optional<SysctlLoader> loader, std::vector<BeatenLine> lines) {
  BootProspect prospect;
  prospect.loader = loader;
  prospect.beaten_by = std::move(lines);
  return prospect;
}

}  // namespace

TEST_CASE("boot: a value set by hand that meets a target is kept, and no file needs to say so") {
  SmallHost host;

  CHECK(host.lost() == std::vector<Change>{change("net.a", "2", "10", "target:net.a")});
}

TEST_CASE("boot: a value that a file would undo at boot is kept") {
  SmallHost host;
  host.set_by_file("net.a", "5");

  CHECK(host.lost() == std::vector<Change>{change("net.a", "5", "10", "target:net.a")});
}

TEST_CASE("boot: what the boot sets is left alone where it meets the target, even if it is less") {
  SmallHost host;
  host.set_by_file("net.a", "9");

  CHECK(host.lost().empty());
}

TEST_CASE("boot: what no profile asks for is not kept") {
  SmallHost host;
  host.profile = "name = \"p\"\nsummary = \"s\"\n[targets]\n\"net.b\" = { at_least = 0 }\n";

  CHECK(host.lost().empty());
}

TEST_CASE("boot: the default of a row for all interfaces foretells nothing, a file does") {
  SmallHost host;
  host.catalogue = testing::catalogue_from(
      "[\"net.conf.*.r\"]\ntype = \"bool\"\ndefault = \"1\"\nmeaning = \"m\"\n");
  host.profile = "name = \"p\"\nsummary = \"s\"\n[targets]\n\"net.conf.all.r\" = 0\n";
  testing::set(host.snapshot, "net.conf.all.r", "0");
  CHECK(host.lost().empty());

  host.set_by_file("net.conf.all.r", "1");
  CHECK(host.lost().size() == 1);
}

TEST_CASE("boot: what the plan changes is not kept a second time") {
  SmallHost host;
  testing::set(host.snapshot, "net.a", "3");

  CHECK(host.lost().empty());
}

TEST_CASE("boot: a rule that does not fire since its remedy stands is kept too") {
  SmallHost host;
  host.profile = "name = \"p\"\nsummary = \"s\"\nrules = [\"g\"]\n";
  host.rules =
      "[[rule]]\nid = \"r\"\ntitle = \"t\"\nwhen = 'sysctl.net.b == 0'\nseverity = \"note\"\n"
      "target = { parameter = \"net.b\", exactly = 1 }\nbecause = \"b\"\nevidence = \"e\"\n"
      "reference = [\"RFC 1\"]\n";

  CHECK(host.lost() == std::vector<Change>{change("net.b", "0", "1", "r")});
}

TEST_CASE("boot: what is kept may make another rule ask, which is heard as well") {
  SmallHost host;
  host.profile =
      "name = \"p\"\nsummary = \"s\"\nrules = [\"g\"]\n[targets]\n\"net.a\" = { at_least = 8 }\n";
  host.rules =
      "[[rule]]\nid = \"r\"\ntitle = \"t\"\nwhen = 'sysctl.net.a > 7 && sysctl.net.b == 0'\n"
      "severity = \"note\"\ntarget = { parameter = \"net.b\", exactly = 1 }\nbecause = \"b\"\n"
      "evidence = \"e\"\nreference = [\"RFC 1\"]\n";

  CHECK(host.lost() == std::vector<Change>{change("net.a", "2", "10", "target:net.a"),
                                           change("net.b", "0", "1", "r")});
}

TEST_CASE("boot: where the loader is known only its files count, and otherwise both") {
  SmallHost host;
  host.files.settings[name("net.a")] = {
      line("net.a", "9", kOurs, {true, true}, {true, false}),
      line("net.a", "5", "/etc/sysctl.conf", {false, true}, {false, true})};

  CHECK(host.lost() == std::vector<Change>{change("net.a", "5", "10", "target:net.a")});
  host.files.at_boot = SysctlLoader::kSystemd;
  CHECK(host.lost().empty());
}

TEST_CASE("boot: a one-way value is kept only if the administrator allows it") {
  SmallHost host;
  host.profile = "name = \"p\"\nsummary = \"s\"\n[targets]\n\"net.c\" = 1\n";

  CHECK(host.lost().empty());
  CHECK(host.lost(true) == std::vector<Change>{change("net.c", "0", "1", "target:net.c")});
}

TEST_CASE("boot: a 0 that only says that the other of a pair counts is not kept") {
  SmallHost host;
  host.profile =
      "name = \"p\"\nsummary = \"s\"\n[targets]\n\"net.ratio\" = { at_most = 10 }\n"
      "\"net.bytes\" = { at_least = 1 }\n";

  CHECK(host.lost() == std::vector<Change>{change("net.bytes", "0", "5", "target:net.bytes")});
}

TEST_CASE("boot: a line that decides with another value beats ours, one with the same does not") {
  PersistentSettings proposed;
  proposed.settings[name("net.a")] = {
      line("net.a", "10", kOurs, {true, true}, {true, false}),
      line("net.a", "1", "/etc/sysctl.conf", {false, true}, {false, true})};
  proposed.settings[name("net.b")] = {
      line("net.b", "1", kOurs, {true, true}, {true, false}),
      line("net.b", "0x1", "/etc/sysctl.conf", {false, true}, {false, true})};

  const auto lines = beaten_lines({change("net.a", "2", "10"), change("net.b", "0", "1")}, proposed,
                                  SmallHost().catalogue);

  REQUIRE(lines.size() == 1);
  CHECK(lines[0].parameter == name("net.a"));
  CHECK(lines[0].loader == SysctlLoader::kProcps);
  REQUIRE(lines[0].by);
  CHECK(to_text(lines[0].by->where) == "/etc/sysctl.conf:3");
}

TEST_CASE("boot: a later line on the other form of a pair resets ours, an earlier one does not") {
  const SysctlLoaders both{true, true};
  const auto beaten_by = [&](const char* file, SysctlLoaders readers) {
    PersistentSettings proposed;
    proposed.settings[name("net.bytes")] = {line("net.bytes", "7", kOurs, both, both)};
    proposed.settings[name("net.ratio")] = {line("net.ratio", "20", file, readers, readers)};
    return beaten_lines({change("net.bytes", "5", "7")}, proposed, SmallHost().catalogue);
  };

  CHECK(beaten_by("/etc/sysctl.d/50-x.conf", both).empty());
  CHECK(beaten_by("/usr/lib/sysctl.d/99-zzz.conf", both).size() == 2);
  const auto by_last_file = beaten_by("/etc/sysctl.conf", {false, true});
  CHECK(by_last_file.size() == 1);
  const auto refused = boot_refusals(prospect(SysctlLoader::kProcps, by_last_file));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].find("/etc/sysctl.conf:3 sets net.ratio = 20 after it") != std::string::npos);
}

TEST_CASE("boot: an exclusion that takes our line out beats it") {
  PersistentSettings proposed;
  proposed.settings[name("net.a")] = {
      line("net.a", "10", kOurs, {true, true}, {false, true}),
      line("net.a", std::nullopt, "/etc/sysctl.d/99-zzz.conf", {true, true}, {})};

  const auto lines = beaten_lines({change("net.a", "2", "10")}, proposed, SmallHost().catalogue);

  REQUIRE(lines.size() == 1);
  CHECK(lines[0].loader == SysctlLoader::kSystemd);
  CHECK(boot_refusals(prospect(SysctlLoader::kSystemd, lines)) ==
        Texts{"net.a = 10 would not outlast a boot: /etc/sysctl.d/99-zzz.conf:3 takes it out again "
              "under systemd-sysctl, which runs at boot; change or remove that line, or use "
              "--runtime"});
}

TEST_CASE("boot: to lose under the loader that runs is refused, under the other one a warning") {
  const BootProspect runs = prospect(SysctlLoader::kProcps, {beaten(SysctlLoader::kProcps)});
  const BootProspect other = prospect(SysctlLoader::kSystemd, {beaten(SysctlLoader::kProcps)});

  CHECK(boot_refusals(runs) ==
        Texts{"net.a = 10 would not outlast a boot: /etc/sysctl.d/99-zzz.conf:3 sets 1 after it "
              "under sysctl --system, which runs at boot; change or remove that line, or use "
              "--runtime"});
  CHECK(boot_warnings(runs).empty());
  CHECK(boot_refusals(other).empty());
  CHECK(boot_warnings(other) ==
        Texts{"net.a = 10: /etc/sysctl.d/99-zzz.conf:3 sets 1 after it under sysctl --system; "
              "systemd-sysctl, which runs at boot, does not"});
}

TEST_CASE("boot: what is refused is not warned of under the other loader besides") {
  const BootProspect both = prospect(
      SysctlLoader::kSystemd, {beaten(SysctlLoader::kSystemd), beaten(SysctlLoader::kProcps)});

  CHECK(boot_refusals(both).size() == 1);
  CHECK(boot_warnings(both).empty());
}

TEST_CASE("boot: where the loader is unknown, to lose under both is refused, under one a warning") {
  const BootProspect both =
      prospect(std::nullopt, {beaten(SysctlLoader::kSystemd), beaten(SysctlLoader::kProcps)});
  const BootProspect one = prospect(std::nullopt, {beaten(SysctlLoader::kProcps)});

  CHECK(boot_refusals(both).size() == 2);
  CHECK(boot_warnings(both).empty());
  CHECK(boot_refusals(one).empty());
  CHECK(boot_warnings(one) ==
        Texts{"net.a = 10: /etc/sysctl.d/99-zzz.conf:3 sets 1 after it under sysctl --system; "
              "whether that runs at boot is not known"});
}

TEST_CASE("boot: a file that could not be read leaves the proof open, and that is said") {
  BootProspect unread;
  unread.unread = {"/etc/sysctl.d/99-zzz.conf: cannot read it"};

  CHECK(boot_warnings(unread) == Texts{"/etc/sysctl.d/99-zzz.conf: cannot read it, so it is not "
                                       "proven that our lines decide"});
}

TEST_CASE("boot: a later line under another name of the variable beats ours") {
  PersistentSettings proposed;
  const SysctlLoaders both{true, true};
  proposed.settings[name("net.ipv4.ip_forward")] = {
      line("net.ipv4.ip_forward", "1", kOurs, both, both)};
  proposed.settings[name("net.ipv4.conf.all.forwarding")] = {
      line("net.ipv4.conf.all.forwarding", "0", "/etc/sysctl.d/99-zzzz.conf", both, both)};

  const auto lines = beaten_lines({change("net.ipv4.ip_forward", "0", "1")}, proposed,
                                  testing::shipped_catalogue());

  REQUIRE(lines.size() == 2);
  CHECK(boot_refusals(prospect(SysctlLoader::kSystemd, lines))[0].find(
            "/etc/sysctl.d/99-zzzz.conf:3 sets net.ipv4.conf.all.forwarding = 0 after it") !=
        std::string::npos);
}

TEST_CASE("boot: a later line that the kernel makes the same of beats nothing") {
  PersistentSettings proposed;
  const SysctlLoaders both{true, true};
  proposed.settings[name("net.ipv4.tcp_fin_timeout")] = {
      line("net.ipv4.tcp_fin_timeout", "33", kOurs, both, {false, false}),
      line("net.ipv4.tcp_fin_timeout", "33 # vendor", "/etc/sysctl.d/99-zzz.conf", both, both)};

  CHECK(beaten_lines({change("net.ipv4.tcp_fin_timeout", "60", "33")}, proposed,
                     testing::shipped_catalogue())
            .empty());
}

namespace {

/// What needs no line of ours, on the host of the idle record with these changes asked for.
std::vector<LeftToBoot> left(const Snapshot& snapshot, const PersistentSettings& files,
                             const std::vector<Change>& set, const char* targets) {
  Diagnostics diagnostics;
  const testing::TextProfiles profiles(
      {{"p", std::string("name = \"p\"\nsummary = \"s\"\n[targets]\n") + targets}});
  const Catalogue& catalogue = testing::shipped_catalogue();
  const EffectiveProfile profile =
      resolve_profiles({"p"}, profiles, testing::knowledge(catalogue), diagnostics);
  const Report report = audit(profile, catalogue, snapshot, {}, diagnostics);
  CHECK(testing::lines_of(diagnostics) == Texts{});
  return left_to_boot(report, set, {profile, catalogue, {}, files, kOurs}, {});
}

}  // namespace

TEST_CASE("boot: what systemd lifts at boot is not pinned, and the line in its way is named") {
  Snapshot snapshot = testing::idle_host();
  testing::set(snapshot, "fs.file-max", "65535");
  const std::vector<Change> set = {change("fs.file-max", "65535", "419430")};
  const char* target = "\"fs.file-max\" = { at_least = 419430 }\n";
  PersistentSettings files;
  files.at_boot = SysctlLoader::kSystemd;
  files.settings[name("fs.file-max")] = {
      line("fs.file-max", "65535", "/etc/sysctl.d/60-old.conf", {true, true}, {true, true})};

  const auto found = left(snapshot, files, set, target);

  REQUIRE(found.size() == 1);
  REQUIRE(found[0].in_the_way.size() == 1);
  CHECK(to_text(found[0].in_the_way[0].where) == "/etc/sysctl.d/60-old.conf:3");
}

TEST_CASE("boot: what the kernel computes is pinned only where more is asked for") {
  Snapshot snapshot = testing::idle_host();
  testing::set(snapshot, "net.ipv4.tcp_max_orphans", "1000");
  const auto pinned = [&](const char* wanted) {
    const std::string target =
        std::string("\"net.ipv4.tcp_max_orphans\" = { at_least = ") + wanted + " }\n";
    return left(snapshot, {}, {change("net.ipv4.tcp_max_orphans", "1000", wanted)}, target.c_str())
        .empty();
  };

  CHECK_FALSE(pinned("8000"));  // of 4 GiB the kernel makes 16384
  CHECK(pinned("60000"));
}

TEST_CASE("boot: a number below the kernel's own is not pinned, unless a file is to be beaten") {
  Snapshot snapshot = testing::idle_host();
  testing::set(snapshot, "net.core.somaxconn", "128");
  const char* target = "\"net.core.somaxconn\" = { at_least = 1024 }\n";
  const std::vector<Change> set = {change("net.core.somaxconn", "128", "1024")};
  PersistentSettings files;

  CHECK(left(snapshot, files, set, target).size() == 1);
  CHECK(left(snapshot, files, {change("net.core.somaxconn", "128", "4096")}, target).empty());
  files.settings[name("net.core.somaxconn")] = {
      line("net.core.somaxconn", "128", "/etc/sysctl.d/60-old.conf", {true, true}, {true, true})};
  CHECK(left(snapshot, files, set, target).empty());
}

}  // namespace advisor::persistence_test
