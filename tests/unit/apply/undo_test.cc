#include "apply/undo.h"

#include <doctest/doctest.h>

#include "unit/apply/world.h"

namespace advisor::undo_test {
namespace {

using testing::change;
using testing::kDropIn;
using testing::SmallWorld;
using testing::value;

Standing standing(const Change& change, const char* now, const ParameterInfo* info = nullptr) {
  return standing_of(change, value(now), info);
}

}  // namespace

TEST_CASE("undo: a value is ours, as before, or somebody else's") {
  const Change number = change("a.x", "1", "2");

  CHECK(standing(number, "1") == Standing::kBefore);
  CHECK(standing(number, "2") == Standing::kAfter);
  CHECK(standing(number, "3") == Standing::kForeign);
  CHECK(standing(number, "") == Standing::kForeign);
}

TEST_CASE("undo: a vector of which only some numbers were taken is put back, another is not") {
  const Plan plan{{change("net.ipv4.ip_local_port_range", "32768 60999", "15000 61000")}, {}};
  const auto undone = [&](const char* now) {
    SmallWorld host;
    host.kernel.set("net.ipv4.ip_local_port_range", now);
    World world = host.world();
    const Progress progress = Progress::all_of(plan);
    (void)undo(world, plan, true, &progress);
    return host.kernel.value("net.ipv4.ip_local_port_range");
  };

  CHECK(undone("15000 60999") == "32768 60999");
  CHECK(undone("32768 61000") == "32768 60999");
  CHECK(undone("15000 50000") == "15000 50000");
}

TEST_CASE("undo: values are compared by the type of their parameter") {
  SmallWorld host;
  const ParameterInfo* ports =
      host.catalogue.find(testing::name("net.ipv4.ip_local_reserved_ports"));

  CHECK(standing(change("net.ipv4.ip_local_reserved_ports", "", "80,81,82"), "80-82", ports) ==
        Standing::kAfter);
}

TEST_CASE("undo: a file is ours, as before, or somebody else's") {
  const FileChange created{"/f", std::nullopt, "new"};

  CHECK(standing_of(created, std::nullopt) == Standing::kBefore);
  CHECK(standing_of(created, "new") == Standing::kAfter);
  CHECK(standing_of(created, "") == Standing::kForeign);
  CHECK(standing_of(FileChange{"/f", "same", "same"}, "same") == Standing::kBefore);
}

TEST_CASE("undo: what somebody else changed meanwhile is left and told") {
  SmallWorld host;
  host.kernel.set("net.core.somaxconn", "777");
  host.kernel.set("net.ipv4.tcp_tw_reuse", "1");
  host.files.put(kDropIn, "edited = yes\n");
  World world = host.world();

  const UndoReport report = undo(world, host.plan(), true);

  CHECK(report.failures.empty());
  CHECK(report.left.size() == 2);
  CHECK(host.kernel.value("net.core.somaxconn") == "777");
  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "2");
  CHECK(host.files.files().at(kDropIn) == "edited = yes\n");
}

TEST_CASE("undo: after a reboot only the file is put back") {
  SmallWorld host;
  host.kernel.set("net.core.somaxconn", "4096");
  host.files.put(kDropIn, "new = text\n");
  World world = host.world();

  const UndoReport report = undo(world, host.plan(), false);

  CHECK(report.left.empty());
  CHECK(host.kernel.writes().empty());
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("undo: each thing that cannot be put back has its reason and its command") {
  SmallWorld host;
  host.kernel.set("net.core.somaxconn", "4096");
  host.kernel.refuse("net.core.somaxconn");
  host.kernel.make_unreadable("net.ipv4.tcp_tw_reuse");
  World world = host.world();

  const UndoReport report = undo(world, host.plan(), true);

  CHECK(report.failures.size() == 2);
  CHECK(report.commands == std::vector<std::string>{"sysctl -w net.ipv4.tcp_tw_reuse='2'",
                                                    "sysctl -w net.core.somaxconn='128'"});
}

TEST_CASE("undo: what a cut-off write left beside the file is taken away") {
  SmallWorld host;
  host.files.put(std::string(kDropIn) + kUnfinished, "new = te");
  World world = host.world();

  (void)undo(world, host.plan(), true);

  CHECK_FALSE(host.files.files().contains(std::string(kDropIn) + kUnfinished));
  CHECK(host.files.files().at(kDropIn) == "old = text\n");
}

TEST_CASE("undo: a refusal names what the value does not go with") {
  testing::SmallWorld host;
  host.kernel.set("net.ipv4.ipfrag_low_thresh", "30");
  host.kernel.set("net.ipv4.ipfrag_high_thresh", "40");
  host.kernel.keep_below("net.ipv4.ipfrag_low_thresh", "net.ipv4.ipfrag_high_thresh");
  World world = host.world();

  const Status written =
      write_and_check(world, testing::name("net.ipv4.ipfrag_high_thresh"), ParameterValue("20"));

  REQUIRE_FALSE(written);
  CHECK(written.error().message.ends_with(
      "; the kernel takes nothing below net.ipv4.ipfrag_low_thresh, which is 30"));
}

}  // namespace advisor::undo_test
