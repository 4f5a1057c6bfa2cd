#include "apply/applier.h"

#include <doctest/doctest.h>

#include "apply/journal.h"
#include "unit/apply/world.h"

namespace advisor::applier_test {
namespace {

using testing::change;
using testing::kDropIn;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;

/// The files that are not the state directory's.
Values outside_files(const SmallWorld& host) {
  Values files = host.files.files();
  std::erase_if(files, [](const auto& row) { return row.first.starts_with(kStateDirectory); });
  return files;
}

TransactionState saved_state(SmallWorld& host, const std::string& id) {
  const auto transaction = Journal(host.files).load(id);
  REQUIRE(transaction);
  return transaction->state;
}

Outcome carried_out(SmallWorld& host, const Plan& plan) {
  World world = host.world();
  auto outcome = carry_out(world, plan, {"p"});
  REQUIRE(outcome);
  return *outcome;
}

}  // namespace

TEST_CASE("apply: everything is written, read back, and committed") {
  SmallWorld host;

  const Outcome outcome = carried_out(host, host.plan());

  CHECK(outcome.transaction.state == TransactionState::kCommitted);
  CHECK(outcome.problems.empty());
  CHECK(host.kernel.value("net.core.somaxconn") == "4096");
  CHECK(host.kernel.value("net.ipv4.ip_local_port_range") == "15000 61000");
  CHECK(host.kernel.value("net.ipv4.tcp_tw_reuse") == "1");
  CHECK(host.files.files().at(kDropIn) == "new = text\n");
  CHECK(saved_state(host, "1") == TransactionState::kCommitted);
  CHECK(Journal(host.files).load("1")->profiles == std::vector<std::string>{"p"});
}

TEST_CASE("apply: one write for each parameter, in the order of the plan") {
  SmallWorld host;

  carried_out(host, host.plan());

  CHECK(host.kernel.writes() == std::vector<std::pair<std::string, std::string>>{
                                    {"net.core.somaxconn", "4096"},
                                    {"net.ipv4.ip_local_port_range", "15000 61000"},
                                    {"net.ipv4.tcp_tw_reuse", "1"}});
}

TEST_CASE("apply: the journal is durable before the first parameter changes") {
  SmallWorld host;
  World world = host.world();
  bool journal_was_there = false;
  world.step = [&](const std::string& what) {
    if (what.starts_with("writing net.core.somaxconn")) {
      journal_was_there =
          host.files.files().contains(transaction_directory("1") + "/journal.json") &&
          host.files.files().contains(transaction_directory("1") + "/rollback.conf");
    }
  };

  REQUIRE(carry_out(world, host.plan(), {}));

  CHECK(journal_was_there);
}

TEST_CASE("apply: a refused write undoes the earlier ones") {
  SmallWorld host;
  const Values before = host.kernel.values();
  const Values files = outside_files(host);
  host.kernel.refuse("net.ipv4.tcp_tw_reuse");

  const Outcome outcome = carried_out(host, host.plan());

  CHECK(outcome.transaction.state == TransactionState::kRolledBack);
  CHECK(outcome.problems.size() == 1);
  CHECK(outcome.problems.at(0).find("net.ipv4.tcp_tw_reuse") != std::string::npos);
  CHECK(host.kernel.values() == before);
  CHECK(outside_files(host) == files);
  CHECK(saved_state(host, "1") == TransactionState::kRolledBack);
}

TEST_CASE("apply: every write refused in turn leaves everything as it was") {
  for (size_t number = 1; number <= 3; ++number) {
    CAPTURE(number);
    SmallWorld host;
    const Values before = host.kernel.values();
    const Values files = outside_files(host);
    host.kernel.refuse_write(number);

    const Outcome outcome = carried_out(host, host.plan());

    CHECK(outcome.transaction.state == TransactionState::kRolledBack);
    CHECK(host.kernel.values() == before);
    CHECK(outside_files(host) == files);
  }
}

TEST_CASE("apply: changes are undone last first, since a later one may need an earlier one") {
  SmallWorld host;
  host.kernel.refuse("net.ipv4.tcp_tw_reuse");

  carried_out(host, host.plan());

  const auto& writes = host.kernel.writes();
  REQUIRE(writes.size() == 5);
  CHECK(writes[3].first == "net.ipv4.ip_local_port_range");
  CHECK(writes[4].first == "net.core.somaxconn");
}

TEST_CASE("apply: a value that the kernel clamps undoes the transaction and is named") {
  SmallWorld host;
  const Values before = host.kernel.values();
  host.kernel.clamp("net.core.somaxconn", 0, 1024);

  const Outcome outcome = carried_out(host, host.plan());

  CHECK(outcome.transaction.state == TransactionState::kRolledBack);
  CHECK(outcome.problems.at(0) == "wrote net.core.somaxconn = 4096, but the kernel shows 1024");
  CHECK(host.kernel.values() == before);
}

TEST_CASE("apply: a vector of which the kernel takes only a part is put back as a whole") {
  SmallWorld host;
  const Values before = host.kernel.values();
  host.kernel.take_part("net.ipv4.ip_local_port_range", 1);

  const Outcome outcome = carried_out(host, host.plan());

  CHECK(outcome.transaction.state == TransactionState::kRolledBack);
  CHECK(host.kernel.values() == before);
}

TEST_CASE("apply: tabs between numbers are no difference") {
  SmallWorld host;
  const Plan plan{{change("net.ipv4.ip_local_port_range", "32768 60999", "1024 65535")}, {}};

  CHECK(carried_out(host, plan).transaction.state == TransactionState::kCommitted);
}

TEST_CASE("apply: a value in another spelling is read back as the same value") {
  SmallWorld host;
  const Plan plan{{change("net.core.somaxconn", "0x80", "0x1000")}, {}};
  host.kernel.clamp("net.core.somaxconn", 0, 65535);  // shows decimal

  CHECK(carried_out(host, plan).transaction.state == TransactionState::kCommitted);
  CHECK(host.kernel.value("net.core.somaxconn") == "4096");
}

TEST_CASE("apply: parameters that move together are all as planned, and all put back") {
  SmallWorld host;
  const Values before = host.kernel.values();
  host.kernel.couple("net.core.somaxconn", "net.ipv4.tcp_fin_timeout");
  const Plan plan{
      {change("net.core.somaxconn", "128", "4096"), change("net.ipv4.tcp_fin_timeout", "60", "30"),
       change("net.ipv4.tcp_tw_reuse", "2", "1")},
      {}};

  CHECK(carried_out(host, plan).transaction.state == TransactionState::kCommitted);
  CHECK(host.kernel.value("net.ipv4.tcp_fin_timeout") == "30");

  SmallWorld refusing;
  refusing.kernel.refuse("net.ipv4.tcp_tw_reuse");
  CHECK(carried_out(refusing, plan).transaction.state == TransactionState::kRolledBack);
  CHECK(refusing.kernel.values() == before);
}

TEST_CASE("apply: a plan made for other values changes nothing") {
  SmallWorld host;
  host.kernel.set("net.ipv4.tcp_tw_reuse", "0");
  const Values before = host.kernel.values();
  World world = host.world();

  const auto outcome = carry_out(world, host.plan(), {});

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kStale);
  CHECK(outcome.error().message.find("net.ipv4.tcp_tw_reuse") != std::string::npos);
  CHECK(host.kernel.values() == before);
  CHECK(host.kernel.writes().empty());
  CHECK(Journal(host.files).all()->empty());
}

TEST_CASE("apply: a drop-in that somebody edited meanwhile changes nothing") {
  SmallWorld host;
  host.files.put(kDropIn, "edited = yes\n");
  World world = host.world();

  CHECK(carry_out(world, host.plan(), {}).error().kind == ErrorKind::kStale);
  host.files.erase(kDropIn);
  CHECK(carry_out(world, host.plan(), {}).error().kind == ErrorKind::kStale);
  CHECK(host.kernel.writes().empty());
}

TEST_CASE("apply: a parameter that cannot be read is not written either") {
  SmallWorld host;
  host.kernel.make_unreadable("net.ipv4.tcp_tw_reuse");
  World world = host.world();

  CHECK_FALSE(carry_out(world, host.plan(), {}));
  CHECK(host.kernel.writes().empty());
}

TEST_CASE("apply: a value longer than one write can carry stops everything before it begins") {
  SmallWorld host;
  std::string ports = "1";
  for (int port = 3; ports.size() <= kLongestValueBytes; port += 2) {
    ports += "," + std::to_string(port);
  }
  host.kernel.set("net.ipv4.ip_local_reserved_ports", ports);
  const Plan plan{{change("net.ipv4.ip_local_reserved_ports", ports, "8080")}, {}};
  World world = host.world();

  const auto outcome = carry_out(world, plan, {});

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kRejected);
  CHECK(host.kernel.writes().empty());
}

TEST_CASE("apply: a drop-in that the journal cannot hold byte for byte is not touched") {
  SmallWorld host;
  host.files.put(kDropIn, "# caf\xe9\n");
  Plan plan = host.plan();
  plan.drop_in->before = "# caf\xe9\n";
  World world = host.world();

  const auto outcome = carry_out(world, plan, {});

  CHECK_FALSE(outcome);
  CHECK(host.kernel.writes().empty());
  CHECK(host.files.files().at(kDropIn) == "# caf\xe9\n");
  CHECK(Journal(host.files).all()->empty());
}

TEST_CASE("apply: interrupted between any two steps, everything is as it was") {
  for (int allowed = 0; allowed <= 3; ++allowed) {
    CAPTURE(allowed);
    SmallWorld host;
    const Values before = host.kernel.values();
    const Values files = outside_files(host);
    World world = host.world();
    int asked = 0;
    world.interrupted = [&] { return asked++ >= allowed; };

    const auto outcome = carry_out(world, host.plan(), {});

    REQUIRE(outcome);
    CHECK(outcome->transaction.state == TransactionState::kRolledBack);
    CHECK(outcome->problems.at(0) == "interrupted by a signal");
    CHECK(host.kernel.values() == before);
    CHECK(outside_files(host) == files);
  }
}

TEST_CASE("apply: a new drop-in is made with its directory, and taken away when undone") {
  SmallWorld host;
  Plan plan{{}, FileChange{"/etc/new.d/x.conf", std::nullopt, "a = 1\n"}};

  CHECK(carried_out(host, plan).transaction.state == TransactionState::kCommitted);
  CHECK(host.files.files().at("/etc/new.d/x.conf") == "a = 1\n");
}

TEST_CASE("apply: without a drop-in only the running kernel changes") {
  SmallWorld host;
  const Values files = outside_files(host);
  Plan plan = host.plan();
  plan.drop_in.reset();

  CHECK(carried_out(host, plan).transaction.state == TransactionState::kCommitted);
  CHECK(outside_files(host) == files);
}

TEST_CASE("apply: each transaction has a number of its own") {
  SmallWorld host;
  carried_out(host, {{change("net.core.somaxconn", "128", "256")}, {}});
  carried_out(host, {{change("net.core.somaxconn", "256", "512")}, {}});

  const auto all = Journal(host.files).all();

  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->at(0).id == "2");
}

TEST_CASE("apply: what cannot be put back is stuck and says which commands remain") {
  SmallWorld host;
  host.kernel.refuse("net.ipv4.tcp_tw_reuse");
  World world = host.world();
  // From the refusal on, the first parameter cannot be written any more.
  world.step = [&](const std::string& what) {
    if (what.starts_with("putting back net.core.somaxconn")) {
      host.kernel.refuse("net.core.somaxconn");
    }
  };

  const auto outcome = carry_out(world, host.plan(), {});

  REQUIRE(outcome);
  CHECK(outcome->transaction.state == TransactionState::kStuck);
  CHECK(outcome->commands == std::vector<std::string>{"sysctl -w net.core.somaxconn='128'"});
  CHECK(host.kernel.value("net.core.somaxconn") == "4096");
  CHECK(host.kernel.value("net.ipv4.ip_local_port_range") == "32768 60999");
  CHECK(saved_state(host, "1") == TransactionState::kStuck);
}

}  // namespace advisor::applier_test
