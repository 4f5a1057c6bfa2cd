#include "model/transaction.h"

#include <doctest/doctest.h>

#include "apply/applier.h"
#include "apply/confirmation.h"
#include "apply/journal.h"
#include "apply/recovery.h"
#include "unit/apply/world.h"

namespace advisor::transaction_test {
namespace {

using testing::SmallWorld;

const Caller kAlice{1000, "alice", "alice", 1000, "/dev/pts/3", "sysctl-advisor apply --yes"};
const Caller kBoot{std::nullopt, "", "", std::nullopt, "", "sysctl-advisor recover --at-boot"};

/// A host on which somebody acts, and what its log is told.
struct Logged {
  World world(const Caller& caller) {
    World world = host.world();
    world.caller = caller;
    world.reached = [this](const Transaction& transaction, const std::string& why) {
      records.push_back(state_record(transaction, why));
    };
    return world;
  }
  Transaction first() const {
    auto files = host.files;
    return *Journal(files).load("1");
  }

  SmallWorld host;
  std::vector<std::string> records;
};

std::vector<std::string> one(const std::string& text) {
  return {text};
}

const std::string kWhat = "; apply p, 3 parameters, /etc/sysctl.d/99-test.conf";
const std::string kForAlice = "; asked by alice (login uid 1000), by sudo, on /dev/pts/3";

}  // namespace

TEST_CASE("attribution: what was done is kept with who did it, and the log is told once") {
  Logged logged;
  World world = logged.world(kAlice);

  REQUIRE(carry_out(world, logged.host.plan(), {"p"}));

  CHECK(logged.first().caller == kAlice);
  CHECK_FALSE(logged.first().ended_by);
  CHECK(logged.records == one("transaction 1: committed" + kWhat + kForAlice));
}

TEST_CASE("attribution: what failed is told as what it came to") {
  Logged logged;
  logged.host.kernel.refuse("net.ipv4.tcp_tw_reuse");
  World world = logged.world(kAlice);

  REQUIRE(carry_out(world, logged.host.plan(), {"p"}));

  CHECK(logged.records == one("transaction 1 failed: rolled-back" + kWhat + kForAlice));
}

TEST_CASE("attribution: who confirmed a change is kept beside who made it") {
  Logged logged;
  World world = logged.world(kAlice);
  const Deadline deadline = deadline_after(logged.host.clock, std::chrono::seconds(60));
  REQUIRE(carry_out(world, logged.host.plan(), {"p"}, {}, deadline));
  Caller other = kAlice;
  other.login = "bob";
  other.tty.clear();

  World later = logged.world(other);
  REQUIRE(confirm(later, logged.first()));

  CHECK(logged.first().caller == kAlice);
  CHECK(logged.first().ended_by == other);
  CHECK(logged.records ==
        std::vector<std::string>{
            "transaction 1: provisional until " + deadline.utc + kWhat + kForAlice,
            "transaction 1 was confirmed: committed" + kWhat + kForAlice +
                "; ended by bob (login uid 1000), by sudo of alice"});
}

TEST_CASE("attribution: what was not confirmed in time is told with who put it back") {
  Logged logged;
  World world = logged.world(kAlice);
  const Deadline deadline = deadline_after(logged.host.clock, std::chrono::seconds(60));
  REQUIRE(carry_out(world, logged.host.plan(), {"p"}, {}, deadline));
  logged.host.clock.pass(std::chrono::seconds(60));
  logged.records.clear();

  World later = logged.world(kBoot);
  REQUIRE(recover(later));

  CHECK(logged.first().ended_by == kBoot);
  CHECK(logged.records ==
        one("transaction 1 was not confirmed by " + deadline.utc + ": rolled-back" + kWhat +
            kForAlice + "; ended by a process without a login"));
}

TEST_CASE("attribution: a change of state that could not be kept is not told as one") {
  Logged logged;
  World world = logged.world(kAlice);
  const Deadline deadline = deadline_after(logged.host.clock, std::chrono::seconds(60));
  REQUIRE(carry_out(world, logged.host.plan(), {"p"}, {}, deadline));
  logged.records.clear();
  const Transaction first = logged.first();
  logged.host.steps.thaw();
  logged.host.steps.fail_at(1);

  CHECK_FALSE(confirm(world, first));

  CHECK(logged.records.empty());
}

TEST_CASE("attribution: what others wrote does not steer a terminal") {
  Caller caller = kAlice;
  caller.login = "al\x1b[31mice";
  caller.command = "sysctl-advisor\napply";

  const std::string text = caller_text(caller);

  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.ends_with(": sysctl-advisor?apply"));
}

TEST_CASE("attribution: what a journal says of a caller in another form is not known") {
  CHECK_FALSE(parse_caller(nullptr));
  for (const Json& none : {Json(nullptr), Json(1), Json("alice"), Json(Json::Array{})}) {
    CHECK_FALSE(parse_caller(&none));
  }
  const Json odd = Json::Object{{"login_uid", -1}, {"login", 7}, {"tty", "tty1"}, {"later", true}};

  const auto caller = parse_caller(&odd);

  REQUIRE(caller);
  CHECK(*caller == Caller{std::nullopt, "", "", std::nullopt, "tty1", ""});
  const Json whole = caller_json(kAlice);
  CHECK(parse_caller(&whole) == kAlice);
}

}  // namespace advisor::transaction_test
