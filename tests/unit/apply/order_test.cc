#include <doctest/doctest.h>

#include "apply/applier.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "base/text.h"
#include "model/write_order.h"
#include "unit/apply/world.h"

namespace advisor::order_test {
namespace {

using testing::change;
using testing::SmallWorld;
using Values = std::map<std::string, std::string>;

void apply(SmallWorld& host, const Plan& plan) {
  World world = host.world();
  const auto outcome = carry_out(world, plan, {"p"});
  REQUIRE(outcome);
  REQUIRE(outcome->transaction.state == TransactionState::kCommitted);
}

Result<RollbackPlan> planned(SmallWorld& host, const std::string& id, bool force = false) {
  const auto transaction = Journal(host.files).load(id);
  REQUIRE(transaction);
  const auto all = Journal(host.files).all();
  REQUIRE(all);
  return plan_rollback(host.world(), *transaction, *all, force);
}

void roll_back(SmallWorld& host, const std::string& id, bool force = false) {
  const auto rollback = planned(host, id, force);
  REQUIRE(rollback);
  World world = host.world();
  const auto outcome = carry_out(world, rollback->plan, {}, id);
  REQUIRE(outcome);
  REQUIRE(outcome->transaction.state == TransactionState::kCommitted);
}

/// A host on which `lower` must not be above `upper`.
void keep_below(SmallWorld& host, const char* lower, const char* low, const char* upper,
                const char* high, bool upper_too = true) {
  host.kernel.set(lower, low);
  host.kernel.set(upper, high);
  host.kernel.keep_below(lower, upper, upper_too);
}

/// What rollback.conf of the first transaction does, line by line, as `sysctl -p` does it.
void load_rollback_conf(SmallWorld& host) {
  const std::string text = host.files.files().at(transaction_directory("1") + "/rollback.conf");
  for (const std::string_view line : split_lines(text)) {
    if (line.starts_with("#") || line.empty()) continue;
    const size_t equals = line.find(" = ");
    CAPTURE(std::string(line));
    CHECK(host.kernel.write(testing::name(std::string(line.substr(0, equals)).c_str()),
                            ParameterValue(line.substr(equals + 3))));
  }
}

}  // namespace

TEST_CASE(
    "rollback: what the kernel looks at on one side goes back though its reverse is refused") {
  // As written by a program that knew of no coupling: the reverse is refused.
  const Plan plan{{change("net.ipv4.tcp_max_reordering", "300", "100"),
                   change("net.ipv4.tcp_reordering", "200", "50")},
                  {}};
  SmallWorld host;
  keep_below(host, "net.ipv4.tcp_reordering", "200", "net.ipv4.tcp_max_reordering", "300", false);
  const Values before = host.kernel.values();
  apply(host, plan);

  roll_back(host, "1");

  CHECK(host.kernel.values() == before);
}

TEST_CASE("rollback: rollback.conf is in an order that the kernel takes") {
  SmallWorld host;
  keep_below(host, "net.ipv4.ipfrag_low_thresh", "30", "net.ipv4.ipfrag_high_thresh", "40");
  const Values before = host.kernel.values();
  apply(host, Plan{ordered({change("net.ipv4.ipfrag_low_thresh", "30", "60"),
                            change("net.ipv4.ipfrag_high_thresh", "40", "80")},
                           host.catalogue),
                   {}});

  load_rollback_conf(host);

  CHECK(host.kernel.values() == before);
}

TEST_CASE("rollback: an old value that does not go with what somebody else set since is refused") {
  SmallWorld host;
  keep_below(host, "net.ipv4.ipfrag_low_thresh", "30", "net.ipv4.ipfrag_high_thresh", "40");
  apply(host, Plan{{change("net.ipv4.ipfrag_high_thresh", "40", "80")}, {}});
  host.kernel.set("net.ipv4.ipfrag_low_thresh", "60");
  const size_t writes = host.kernel.writes().size();

  const auto rollback = planned(host, "1");

  REQUIRE_FALSE(rollback);
  CHECK(rollback.error().message.find("net.ipv4.ipfrag_high_thresh = 40: the kernel takes nothing "
                                      "below net.ipv4.ipfrag_low_thresh, which is 60") !=
        std::string::npos);
  CHECK(host.kernel.writes().size() == writes);
  CHECK(planned(host, "1", /*force=*/true));
}

TEST_CASE("recovery: coupled parameters of which some were written go back in the order taken") {
  const Plan plan{{change("net.ipv4.ip_unprivileged_port_start", "1024", "400"),
                   change("net.ipv4.ip_local_port_range", "32768 60999", "500 700")},
                  {}};
  for (const bool range_too : {false, true}) {
    SmallWorld host;
    keep_below(host, "net.ipv4.ip_unprivileged_port_start", "1024", "net.ipv4.ip_local_port_range",
               "32768 60999");
    const Values before = host.kernel.values();
    Transaction transaction;
    transaction.id = "1";
    transaction.identity = host.identity;
    transaction.plan = plan;
    REQUIRE(Journal(host.files).save(transaction));
    host.kernel.set("net.ipv4.ip_unprivileged_port_start", "400");
    if (range_too) host.kernel.set("net.ipv4.ip_local_port_range", "500 700");
    World world = host.world();

    REQUIRE(recover(world));

    CHECK(host.kernel.values() == before);
    // Nothing was tried twice.
    CHECK(host.kernel.writes().size() == (range_too ? 2 : 1));
  }
}

}  // namespace advisor::order_test
